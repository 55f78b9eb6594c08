"""Draws charts in a process of its own, so that what drawing needs is gone with it."""
