"""Content Credentials (C2PA): results signed, and what pictures say of themselves read."""
