"""From an upload to the JPEG an engine takes, in processes that may do little."""
