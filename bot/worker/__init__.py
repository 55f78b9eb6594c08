"""Claims jobs, runs, finishes and rescues them, and prunes what is old; knows ports only."""
