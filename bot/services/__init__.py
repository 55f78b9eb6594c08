"""One file for each thing a person can ask; all of them know ports only."""
