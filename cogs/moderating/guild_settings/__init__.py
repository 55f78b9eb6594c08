"""What /settings is made of beside its command: the message that shows all of it, and its forms."""
