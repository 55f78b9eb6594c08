"""What members ask of their own data: all of it, or that it goes."""
