"""The ledger as its readers want it: object by object, and summed up."""
