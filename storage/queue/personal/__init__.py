"""All rows of one person, over every table: read for them, or erased."""
