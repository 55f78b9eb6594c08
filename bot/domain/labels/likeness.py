"""How alike two pictures are, by the bits that each is reduced to: few to find, more to tell."""

from collections.abc import Sequence

SIDE = 8  # cells across and down
BITS = 2 * SIDE * SIDE
BANDS = 8
DETAIL_SIDE = 16
DETAIL_BITS = 2 * DETAIL_SIDE * DETAIL_SIDE
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


# Of a copy, measured: re-encoded and resized ones stay below both, and other pictures, even of the
# same scene drawn anew, are above the second.
MOST_DIFFERING = 10
MOST_DETAIL_DIFFERING = 26
_LEAST_SAID = 16

_HALF = BITS // 2
_ACROSS, _DOWN = (
    sum(1 << place for place in range(BITS) if (place * _STRIDE % BITS < _HALF) is is_across)
    for is_across in (True, False)
)


def tells_enough(likeness: int) -> bool:
    """Tell whether a picture can be told from others at all: a plain ground or a sky cannot."""
    halves = ((likeness & half).bit_count() for half in (_ACROSS, _DOWN))
    return sum(min(count, _HALF - count) for count in halves) >= _LEAST_SAID
