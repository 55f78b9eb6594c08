"""What concerns members themselves: what they set, and what they are told once."""
