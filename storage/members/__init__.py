"""What members set, ask moderators to look at, and have yet to confirm."""
