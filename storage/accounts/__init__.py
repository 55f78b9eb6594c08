"""Who took what: the ledger, its totals, quotas, grants and packages."""
