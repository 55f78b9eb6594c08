"""Makes 8 bits of grey that is deeper or signed, by what its values mean."""

from dataclasses import dataclass
from typing import cast

from PIL import Image, ImageChops

_BIG_ENDIAN = "I;16B"
_FOUR_BYTES = "I"
_SIXTEEN, _THIRTY_TWO = 16, 32
_SIGNED_BYTES = [value * 255 // 127 for value in range(128)] + [0] * 128  # from 128 on: below 0


@dataclass(frozen=True, slots=True)
class Grey:
    """How grey is written: `is_inverted` where 0 is white."""

    bits: int
    is_signed: bool = False
    is_inverted: bool = False


def grey_in(grey: Grey, picture: Image.Image) -> Image.Image:
    """Return L: the largest number of a kind is white, 0 and what is below it black.

    32 bits in which nothing is over 16 of them are taken for the 16 that they hold.
    """
    shown = _shown(picture, _meant(picture, grey), is_signed=grey.is_signed)
    return ImageChops.invert(shown) if grey.is_inverted else shown


def high_bytes(picture: Image.Image) -> Image.Image:
    """Return the upper 8 of 16 or 32 bits; Pillow's own conversion clips at 255 instead."""
    width = 4 if picture.mode == _FOUR_BYTES else 2
    return _every(picture, width, 0 if picture.mode == _BIG_ENDIAN else width - 1)


def low_bytes(picture: Image.Image) -> Image.Image:
    """Return the lower 8 of 16 bits."""
    return _every(picture, 2, 1 if picture.mode == _BIG_ENDIAN else 0)


def _meant(picture: Image.Image, grey: Grey) -> int:
    """Return how many bits the numbers have that say how bright a pixel is."""
    if grey.bits == _THIRTY_TWO:
        extrema = cast("tuple[int, int]", picture.getextrema())
        # Unsigned numbers come as signed ones: from 1 << 31 on they are below 0.
        if extrema[1] < 1 << _SIXTEEN and (grey.is_signed or extrema[0] >= 0):
            return _SIXTEEN
    return grey.bits - grey.is_signed


def _shown(picture: Image.Image, bits: int, *, is_signed: bool) -> Image.Image:
    if picture.mode == "L":
        return picture.point(_SIGNED_BYTES)
    is_whole_word = bits == _THIRTY_TWO or (bits == _SIXTEEN and picture.mode != _FOUR_BYTES)
    if is_whole_word and not is_signed:
        return high_bytes(picture)
    scale = 255 / ((1 << bits) - 1)
    return picture.convert("I").point(lambda value: value * scale + 0.5).convert("L")


def _every(picture: Image.Image, width: int, first: int) -> Image.Image:
    return Image.frombytes("L", picture.size, picture.tobytes()[first::width])
