"""What is kept of one person: how they are named once they are erased, and what they get of it."""
