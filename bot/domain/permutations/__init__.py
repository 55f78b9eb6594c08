"""One request that stands for several: a prompt with choices, and the yes it waits for."""
