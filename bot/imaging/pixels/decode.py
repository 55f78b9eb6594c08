"""Turns the bytes of a picture nobody vouches for into upright 8-bit pixels."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from PIL import Image, WebPImagePlugin

from bot.domain.errors import NotPossible
from bot.domain.jobs.limits import (
    MAX_HEADER_SIDE_PX,
    MAX_JPEG_PIXELS,
    MAX_PIXELS,
    NONSENSE_SIDE_PX,
)
from bot.domain.pictures.errors import (
    PictureDamaged,
    PictureFormatRefused,
    PictureHeaderNonsense,
    PictureTooManyPixels,
)
from bot.imaging.files import exif, webp_file
from bot.imaging.files.bare import Bare, Source
from bot.imaging.files.sniff import sniff
from bot.imaging.pixels.bmp import read_bmp
from bot.imaging.pixels.jpeg import read_jpeg
from bot.imaging.pixels.png import read_png
from bot.imaging.pixels.tiff import read_tiff

_UPRIGHT = MappingProxyType(
    {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
)


def open_picture(data: bytes) -> Source:
    """Read the header only; `size` is known and within limits, no pixel is decoded yet.

    Raises NotAPicture, PictureFormatRefused, PictureDamaged, PictureHeaderNonsense,
    PictureTooManyPixels, PictureNotBaseline, PictureTooDemanding.
    """
    kind = sniff(data)
    if kind not in _READERS:
        raise PictureFormatRefused(format=kind)
    return opened(_READERS[kind], data, MAX_JPEG_PIXELS if kind == "JPEG" else MAX_PIXELS)


def opened(read: Callable[[bytes], Source], data: bytes, most_px: int) -> Source:
    """Return what `read` makes of the header of a file, if it is within limits."""
    try:
        source = read(data)
    except (MemoryError, NotPossible):
        raise
    except Exception as error:  # whatever a parser trips over, the cause is the picture
        raise PictureDamaged from error
    check_size(*source.size, most_px)
    return source


def decode(data: bytes, *, enough_px: int | None = None) -> Image.Image:
    """Return the main picture, upright, in mode L, RGB, RGBA or CMYK, with no metadata.

    Only `info["icc_profile"]` is kept, where there is one. `enough_px` lets a JPEG be unpacked
    at 1/2, 1/4 or 1/8 as long as its longer side stays at or over that many pixels.
    Raises what `open_picture` raises.
    """
    return pixels(open_picture(data), enough_px)


def pixels(source: Source, enough_px: int | None) -> Image.Image:
    """Return the pixels of a picture that was looked at; see `decode`."""
    if enough_px is None:
        check_size(*source.size, MAX_PIXELS)
    try:
        picture = source.load(enough_px)
    except (MemoryError, NotPossible):
        raise
    except Exception as error:  # same: a decoder's fault is the picture's
        raise PictureDamaged from error
    turn = _UPRIGHT.get(source.orientation)
    if turn is not None:
        picture = picture.transpose(turn)
    picture.info = {"icc_profile": source.profile} if source.profile else {}
    return picture


def check_size(width: int, height: int, most_px: int) -> None:
    """Raise PictureHeaderNonsense or PictureTooManyPixels for what no decoder is asked to do."""
    if min(width, height) < 1 or max(width, height) > NONSENSE_SIDE_PX:
        raise PictureHeaderNonsense(width=width, height=height)
    if width * height > most_px or max(width, height) > MAX_HEADER_SIDE_PX:
        raise PictureTooManyPixels(
            width=width, height=height, limit_mp=most_px / 1e6, edge=MAX_HEADER_SIDE_PX
        )


def _read_webp(data: bytes) -> Bare:
    split = webp_file.split(data)
    return Bare(
        split.pixels,
        webp_file.size(split.pixels),  # the parser reserves the whole canvas at once
        WebPImagePlugin.WebPImageFile,
        exif.orientation(split.exif),
        split.profile,
    )


# The parsers by name, instead of Pillow's registry: no other parser ever sees the bytes, and a
# phone's JPEG with a second picture in it (MPO) is read as the JPEG it starts with.
_READERS: Mapping[str, Callable[[bytes], Source]] = MappingProxyType(
    {
        "JPEG": read_jpeg,
        "PNG": read_png,
        "WEBP": _read_webp,
        "BMP": read_bmp,
        "TIFF": read_tiff,
    }
)
