"""What may be made of a finished result: its kinds, and the request that each becomes."""
