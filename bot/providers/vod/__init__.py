"""The picture tasks of the VOD API."""
