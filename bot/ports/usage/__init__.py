"""What is summed up of the ledger, and drawn of it."""
