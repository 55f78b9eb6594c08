"""Where a picture comes from: what its file says, what is known of it, and what neither proves."""
