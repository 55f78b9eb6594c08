"""How a job's message looks in each of its states, as Components V2 layouts."""
