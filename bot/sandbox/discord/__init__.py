"""The local Discord: its servers, the people in them, and its gateway."""
