"""From bytes nobody vouches for to 8-bit sRGB pixels, format by format."""
