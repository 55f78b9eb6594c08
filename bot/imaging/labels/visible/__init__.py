"""The label that people see: its letters, its lines, its plate, and where it stands."""
