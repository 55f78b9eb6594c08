"""The queue as a table: in, claimed, held, delivered, forgotten."""
