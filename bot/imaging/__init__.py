"""Bytes in, bytes out, off the event loop: uploads in, labels out."""
