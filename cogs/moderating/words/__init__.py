"""What requests may not hold: /settings words, and what it shows."""
