"""Unpacks what an engine sent: all that uploads may be, and what no upload may be but an API send.

It is the operator's own account that sends it, over TLS, so this is done without the fence.
"""

import contextlib

from PIL import GifImagePlugin, Image

from bot.domain.jobs.limits import MAX_PIXELS
from bot.domain.pictures.errors import PictureFormatRefused
from bot.imaging.files.bare import Bare
from bot.imaging.files.sniff import sniff
from bot.imaging.pixels.decode import decode, open_picture, opened, pixels

_GIF = b"GIF8"
_SIDEWAYS = range(5, 9)  # of EXIF's orientations, those that swap width and height
_SIDES = slice(6, 10)  # (GIF89a, 18: width and height, little-endian)


def kind_of(raw: bytes) -> str | None:
    """Return the format as `sniff` does, None for one that no upload may have."""
    with contextlib.suppress(PictureFormatRefused):
        return sniff(raw)
    return None


def decode_result(raw: bytes) -> Image.Image:
    """Return the first frame, upright, in mode L, RGB, RGBA or CMYK, as `decode` does.

    Raises NotAPicture, PictureFormatRefused, PictureDamaged, PictureTooManyPixels and the other
    refusals of `decode`.
    """
    if raw.startswith(_GIF):
        return pixels(opened(_read_gif, raw, MAX_PIXELS), None)
    kind = sniff(raw)
    if kind not in {"HEIC", "AVIF"}:
        return decode(raw)
    # 6 MB (measured) that a bot without such results never needs.
    from bot.imaging.pixels.heif import open_heif  # noqa: PLC0415 - where one comes

    return pixels(open_heif(kind, raw), None)


def decode_small(raw: bytes, enough_px: int) -> tuple[Image.Image, tuple[int, int]]:
    """Return the picture, and the size it has; it is smaller where that spares work.

    Its longer side has at least `enough_px`, if it has that at all. Raises what `decode_result`
    raises.
    """
    if raw.startswith(_GIF) or sniff(raw) != "JPEG":
        picture = decode_result(raw)
        return picture, picture.size
    source = open_picture(raw)
    width, height = source.size
    is_turned = source.orientation in _SIDEWAYS
    return pixels(source, enough_px), (height, width) if is_turned else (width, height)


def _read_gif(raw: bytes) -> Bare:
    sides = raw[_SIDES]
    size = (int.from_bytes(sides[:2], "little"), int.from_bytes(sides[2:], "little"))
    return Bare(raw, size, GifImagePlugin.GifImageFile)
