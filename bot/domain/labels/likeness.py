"""How alike two pictures are, by the 128 bits that each is reduced to."""

from collections.abc import Sequence

SIDE = 8  # cells across and down
BITS = 2 * SIDE * SIDE
BANDS = 8
BAND_BITS = BITS // BANDS

_BAND = (1 << BAND_BITS) - 1
# Odd, so it visits every place once: neighbours, which tend to agree, come into different bands.
_STRIDE = 37


def interleaved(across: Sequence[bool], down: Sequence[bool]) -> int:
    """Return the two halves as one number whose bands each hold bits from all over the picture."""
    bits = [*across, *down]
    return sum(bits[place * _STRIDE % BITS] << place for place in range(BITS))


def bands(likeness: int) -> tuple[int, ...]:
    """Return the parts of 16 bits that a look-up begins with."""
    return tuple(likeness >> BAND_BITS * number & _BAND for number in range(BANDS))


def distance(one: int, other: int) -> int:
    """Return in how many of the bits two pictures differ."""
    return (one ^ other).bit_count()
