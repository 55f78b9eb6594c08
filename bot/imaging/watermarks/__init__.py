"""The place for an invisible mark: somebody else's, in a process of its own."""
