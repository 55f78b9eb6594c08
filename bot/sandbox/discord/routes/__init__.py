"""The REST routes of the local Discord."""
