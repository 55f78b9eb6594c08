"""Commands about one's own jobs."""
