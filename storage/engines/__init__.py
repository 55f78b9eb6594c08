"""What all processes share about engines: which are suspended, and the turns of a rate limit."""
