"""What moderators choose for a whole server, and what it means for who asks there."""
