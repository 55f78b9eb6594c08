"""The queue as a table: accepting, claiming, leases, deliveries, retention."""
