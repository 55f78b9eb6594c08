"""What members may do with each other's pictures, and who moderates."""
