"""The demo page: a browser's view of the local Discord."""
