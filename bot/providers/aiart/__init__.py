"""The aiart API: pictures at once, and by job."""
