"""What members set and report, and who of them moderates."""
