"""The stand-in's aiart API."""
