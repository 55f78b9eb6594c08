"""What members make of a result, and how one is deleted."""
