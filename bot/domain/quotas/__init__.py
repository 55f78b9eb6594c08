"""Rules of what members may take, and of what it costs."""
