"""A picture's file with nothing in it but what its pixels need, and what stood beside them.

What is beside the pixels (texts, profiles, previews, their sizes and their checksums) never makes
a good picture a damaged one, and no parser of a library ever sees it.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from PIL import Image, ImageFile

from bot.domain.jobs.limits import MAX_PIXELS
from bot.domain.pictures.errors import PictureFormatRefused

_SCALES = (1, 2, 4, 8)
_PLAIN_MODES = ("L", "RGB", "RGBA", "CMYK")


class Source(Protocol):
    """A picture that was looked at and not decoded yet."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as they are stored."""

    @property
    def orientation(self) -> int:
        """What EXIF says of how to turn it, 1 to 8."""

    @property
    def profile(self) -> bytes | None:
        """The ICC profile of the pixels."""

    def load(self, enough_px: int | None) -> Image.Image:
        """Return the pixels in mode L, RGB, RGBA or CMYK; raises whatever a decoder does.

        The longer side may be made smaller, down to `enough_px`, where that spares work.
        """


def scale_of(size: tuple[int, int], enough_px: int | None) -> int:
    """Return 1, 2, 4 or 8: how many times smaller the sides are taken.

    As small as `enough_px` allows, and smaller than that where it would be too many pixels.
    """
    if enough_px is None:
        return 1
    width, height = size
    allowed = [scale for scale in _SCALES if max(size) // scale >= enough_px]
    small = [scale for scale in _SCALES if width * height <= MAX_PIXELS * scale * scale]
    return max(*allowed[-1:], *small[:1], 1)


def eight_bit(picture: Image.Image) -> Image.Image:
    """Return pixels of any 8-bit mode in mode L, RGB, RGBA or CMYK."""
    if picture.mode in _PLAIN_MODES and "transparency" not in picture.info:
        return picture
    if picture.mode == "La":  # Pillow turns this one into LA alone
        picture = picture.convert("LA")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


@dataclass(frozen=True, slots=True)
class Bare:
    """A file for one of Pillow's parsers; `to_eight_bit` gets what that makes of it.

    `unread` names the format where the file is whole for sure: a decoder's failure is no damage.
    """

    data: bytes
    size: tuple[int, int]
    parser: Callable[[BinaryIO], ImageFile.ImageFile]
    orientation: int = 1
    profile: bytes | None = None
    to_eight_bit: Callable[[Image.Image], Image.Image] = eight_bit
    unread: str | None = None

    def load(self, enough_px: int | None) -> Image.Image:
        """See Source."""
        del enough_px
        try:
            picture = self.parser(io.BytesIO(self.data))
            picture.load()
        except (OSError, ValueError) as error:
            if self.unread is None:
                raise
            raise PictureFormatRefused(format=self.unread) from error
        return self.to_eight_bit(picture)
