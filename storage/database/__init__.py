"""The database itself: opening, schema, transactions, faults, backup."""
