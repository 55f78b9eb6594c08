"""Reads where a picture says that it comes from."""
