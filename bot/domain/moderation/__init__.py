"""What moderators do, whom they shut out, what they hold back, and how each act is written down."""
