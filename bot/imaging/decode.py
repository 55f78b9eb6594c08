"""Turns the bytes of a picture nobody vouches for into upright 8-bit pixels."""

import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import BinaryIO

from PIL import (
    BmpImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from bot.domain.errors import NotPossible
from bot.domain.limits import MAX_HEADER_SIDE_PX, MAX_PIXELS
from bot.domain.picture_errors import PictureDamaged, PictureFormatRefused, PictureTooManyPixels
from bot.imaging import containers, exif, webp_file
from bot.imaging.carriers import Split
from bot.imaging.sniff import sniff

# The parsers by name, instead of Pillow's registry: no other parser ever sees the bytes, and a
# phone's JPEG with a second picture in it (MPO) is read as the JPEG it starts with.
_PARSERS: Mapping[str, Callable[[BinaryIO], ImageFile.ImageFile]] = MappingProxyType(
    {
        "JPEG": JpegImagePlugin.JpegImageFile,
        "PNG": PngImagePlugin.PngImageFile,
        "WEBP": WebPImagePlugin.WebPImageFile,
        "BMP": BmpImagePlugin.BmpImageFile,
        "TIFF": TiffImagePlugin.TiffImageFile,
    }
)
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
_PLAIN_MODES = ("L", "RGB", "RGBA", "CMYK")


def open_picture(data: bytes) -> ImageFile.ImageFile:
    """Read the header only; `size` is known and within limits, no pixel is decoded yet.

    Raises NotAPicture, PictureFormatRefused, PictureDamaged, PictureTooManyPixels.
    """
    kind = sniff(data)
    return _opened(containers.split(data, kind), kind)


def decode(data: bytes, *, enough_px: int | None = None) -> Image.Image:
    """Return the first frame, upright, in mode L, RGB, RGBA or CMYK, with no metadata.

    Only `info["icc_profile"]` is kept, where there is one. `enough_px` lets a JPEG be unpacked
    at 1/2, 1/4 or 1/8 as long as its longer side stays at or over that many pixels.
    Raises what `open_picture` raises.
    """
    kind = sniff(data)
    split = containers.split(data, kind)
    picture = _opened(split, kind)
    try:
        if enough_px:
            picture.draft(None, (enough_px, enough_px))
        picture.load()
        turn = _UPRIGHT.get(exif.orientation(split.exif))
        pixels = _eight_bit(picture)
    except (MemoryError, NotPossible):
        raise
    except Exception as error:  # same: a decoder's fault is the picture's
        raise PictureDamaged from error
    if turn is not None:
        pixels = pixels.transpose(turn)
    profile = split.profile or picture.info.get("icc_profile")
    pixels.info = {"icc_profile": profile} if profile else {}
    return pixels


def in_srgb(picture: Image.Image) -> Image.Image:
    """Return the pixels as RGB in the sRGB colour space, transparency laid onto white."""
    profile = picture.info.get("icc_profile")
    if picture.mode == "RGBA":
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        picture = ground
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # a broken profile says nothing about the pixels
        if converted is not None:
            picture = converted
    picture = picture.convert("RGB")
    picture.info = {}
    return picture


def _opened(split: Split, kind: str) -> ImageFile.ImageFile:
    if kind == "WEBP":  # its parser reserves the whole canvas at once, so look before
        _check_size(*webp_file.size(split.pixels))
    try:
        picture = _PARSERS[kind](io.BytesIO(split.pixels))
    except MemoryError:
        raise
    except Exception as error:  # whatever a parser trips over, the cause is the picture
        raise PictureDamaged from error
    picture.info.pop("xmp", None)  # a TIFF's: its orientation is not EXIF's, and turns nothing
    _check_size(*picture.size)
    return picture


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_HEADER_SIDE_PX:
        raise PictureTooManyPixels(
            width=width, height=height, limit_mp=MAX_PIXELS / 1e6, edge=MAX_HEADER_SIDE_PX
        )
    if width < 1 or height < 1:
        raise PictureDamaged


def _eight_bit(picture: Image.Image) -> Image.Image:
    if picture.mode == "F":
        raise PictureFormatRefused(format="Floating-point")  # no number is agreed to be white
    if picture.mode.startswith("I"):
        # Pillow's own conversion clips at 255, which would turn a 16-bit picture white.
        return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if picture.mode in _PLAIN_MODES and "transparency" not in picture.info:
        return picture
    transparent = picture.has_transparency_data
    return picture.convert("RGBA" if transparent else "RGB")
