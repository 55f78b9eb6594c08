"""What moderators decide: which jobs wait, and whose."""
