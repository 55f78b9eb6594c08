"""What is kept of labelled pictures."""
