"""Where a picture comes from: the command, the message menu, and what they show."""
