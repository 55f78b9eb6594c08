"""What the bot posts by itself: results, waiting messages, and notices."""
