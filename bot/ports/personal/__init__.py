"""What is kept of one person, read or erased."""
