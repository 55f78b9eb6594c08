"""Who may not ask for pictures: /block, and what it shows."""
