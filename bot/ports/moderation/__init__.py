"""What services need kept of moderators' acts."""
