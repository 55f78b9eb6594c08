"""The stand-in's VOD API."""
