"""What services and the worker need of the world; storage, providers and Discord provide it."""
