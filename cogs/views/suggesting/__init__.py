"""What is suggested for an option while it is typed, from memory."""
