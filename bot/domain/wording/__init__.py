"""How things are said: quoted, shortened, with their sizes and durations."""
