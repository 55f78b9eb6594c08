"""Pictures as the program hands them on, and why one is refused."""
