"""What moderators’ acts and decisions read like, wherever they are shown."""
