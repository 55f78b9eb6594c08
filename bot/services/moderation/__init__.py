"""What moderators decide, hold back and look up."""
