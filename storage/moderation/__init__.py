"""What is kept of moderators' acts, below all that they change."""
