"""What /queue shows: its texts, its list, and the buttons under that."""
