"""The local Discord: its server and gateway, and the visitors who use it."""
