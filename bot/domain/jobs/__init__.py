"""Rules of a job: its states and ends, the order in which jobs start, and when."""
