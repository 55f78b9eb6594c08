"""Unpacks samples of 9 to 15 bits, which Pillow reads in one of their layouts alone."""

import math
from dataclasses import dataclass

from PIL import Image, ImageChops

from bot.domain.pictures.errors import PictureDamaged

BITS = range(9, 16)
MODES = {1: "L", 3: "RGB"}


@dataclass(frozen=True, slots=True)
class Packed:
    """Uncompressed rows, each from a byte's beginning, the highest bit first; see Source.

    `strips` are (place, bytes) in the file; they hold the rows one after the other.
    """

    data: bytes
    strips: tuple[tuple[int, int], ...]
    size: tuple[int, int]
    bits: int
    channels: int
    is_inverted: bool
    orientation: int
    profile: bytes | None

    def load(self, enough_px: int | None) -> Image.Image:
        """See Source; the upper 8 bits of each sample are what is kept."""
        del enough_px
        width, height = self.size
        in_row = -(-width * self.channels * self.bits // 8)
        whole = self._joined(in_row * height)
        group = self.bits // math.gcd(self.bits, 8)  # bytes after which the layout repeats
        padding = bytes(-in_row % group)
        rows = (whole[at : at + in_row] for at in range(0, in_row * height, in_row))
        levels = _upper_bytes(b"".join(row + padding for row in rows), self.bits, group)
        mode, stride = MODES[self.channels], len(levels) // height
        picture = Image.frombytes(mode, self.size, levels, "raw", mode, stride)
        return ImageChops.invert(picture) if self.is_inverted else picture

    def _joined(self, wanted: int) -> bytes:
        parts, held = [], 0
        for at, size in self.strips:
            if held >= wanted:  # strips may overlap: no more is copied than is needed
                break
            parts.append(self.data[at : at + size])
            held += len(parts[-1])
        if held < wanted:
            raise PictureDamaged
        return b"".join(parts)


def _upper_bytes(data: bytes, bits: int, group: int) -> bytes:
    """Return the upper 8 bits of each sample, by whole columns of bytes at once."""
    samples = group * 8 // bits
    levels = bytearray(len(data) // group * samples)
    for number in range(samples):
        first, shift = divmod(number * bits, 8)
        column = data[first::group]
        if shift:
            upper = column.translate(bytes(value << shift & 0xFF for value in range(256)))
            lower = data[first + 1 :: group].translate(
                bytes(value >> (8 - shift) for value in range(256))
            )
            both = int.from_bytes(upper, "big") | int.from_bytes(lower, "big")
            column = both.to_bytes(len(upper), "big")
        levels[number::samples] = column
    return bytes(levels)
