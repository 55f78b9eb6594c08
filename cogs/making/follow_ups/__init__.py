"""What is made of a job that was asked for before: again, edited, upscaled, varied, deleted."""
