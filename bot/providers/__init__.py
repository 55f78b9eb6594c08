"""The ways to get pictures made, and what asks them whether they answer."""
