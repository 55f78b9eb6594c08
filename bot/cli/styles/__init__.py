"""How `easel styles make` draws the pictures of an engine's styles, and what it keeps of them."""
