"""/audit: what moderators did."""
