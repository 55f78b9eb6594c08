"""Commands of moderators."""
