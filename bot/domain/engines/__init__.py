"""Rules of engines: what each takes, what an account can use, what a request may ask."""
