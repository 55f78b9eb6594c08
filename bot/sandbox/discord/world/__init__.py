"""What exists in the local Discord, and the rules for it."""
