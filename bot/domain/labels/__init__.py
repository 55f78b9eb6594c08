"""What a result says of itself: its words, its marks, and what those of any picture tell."""
