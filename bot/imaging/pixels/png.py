"""Decodes a PNG; its one transparent value is compared in all of its bits."""

import io
from functools import partial

from PIL import Image, ImageChops, PngImagePlugin

from bot.domain.pictures.errors import PictureDamaged, PictureFormatRefused
from bot.imaging.files import exif, png_file
from bot.imaging.files.bare import Bare, eight_bit
from bot.imaging.pixels.deep import high_bytes, low_bytes

# Signature, IHDR's length and type; its body: width(4) height(4) bits(1) …
_KIND_AT, _WIDTH_AT, _HEIGHT_AT, _BITS_AT, _HEADER_END = 12, 16, 20, 24, 29
_DEEP = 16


def read_png(data: bytes) -> Bare:
    """Return a PNG without what stands beside its pixels.

    Raises PictureDamaged or PictureFormatRefused.
    """
    split = png_file.split(data)
    pixels = split.pixels
    kind = pixels[_KIND_AT:_WIDTH_AT]
    if kind == b"CgBI":
        raise PictureFormatRefused(format="iPhone-optimised (CgBI) PNG")
    if kind != b"IHDR" or len(pixels) < _HEADER_END:
        raise PictureDamaged
    width, height = (int.from_bytes(pixels[at : at + 4], "big") for at in (_WIDTH_AT, _HEIGHT_AT))
    return Bare(
        pixels,
        (width, height),
        PngImagePlugin.PngImageFile,
        exif.orientation(split.exif),
        split.profile,
        partial(_eight_bit, pixels),
    )


def _eight_bit(pixels: bytes, picture: Image.Image) -> Image.Image:
    key = _key(picture)
    if picture.mode.startswith("I"):
        high = high_bytes(picture)
    elif key is None:
        return eight_bit(picture)
    else:
        high = picture.convert("L") if picture.mode == "1" else picture
    if key is None:
        return high
    hole = _hole(pixels, picture, high, key)
    shown = high.convert("RGBA")
    shown.putalpha(ImageChops.invert(hole))
    return shown


def _key(picture: Image.Image) -> tuple[int, ...] | None:
    """Return what a grey or coloured pixel must be in order to be transparent."""
    key = picture.info.get("transparency")
    if key is None or picture.mode == "P":
        return None
    return key if isinstance(key, tuple) else (key,)


def _hole(
    pixels: bytes, picture: Image.Image, high: Image.Image, key: tuple[int, ...]
) -> Image.Image:
    """Return 255 where the picture is transparent, else 0; `high` are the upper 8 bits."""
    bits = pixels[_BITS_AT]
    if bits != _DEEP:
        most = (1 << bits) - 1  # fewer bits than eight are spread over all of 0 to 255
        return _equal(high, tuple((value & most) * 255 // most for value in key))
    low = low_bytes(picture) if picture.mode.startswith("I") else _low_of_colour(pixels)
    return ImageChops.darker(
        _equal(high, tuple(value >> 8 for value in key)),
        _equal(low, tuple(value & 0xFF for value in key)),
    )


def _equal(picture: Image.Image, key: tuple[int, ...]) -> Image.Image:
    """Return 255 where every channel has the key's value, else 0."""
    hole = Image.new("L", picture.size, 255)
    for channel, wanted in zip(picture.split(), key, strict=True):
        hole = ImageChops.darker(hole, channel.point([255 * (v == wanted) for v in range(256)]))
    return hole


def _low_of_colour(pixels: bytes) -> Image.Image:
    """Return the lower bytes of 16-bit colour: read as if the byte order were the other one."""
    picture = PngImagePlugin.PngImageFile(io.BytesIO(pixels))
    picture.tile = [tile._replace(args="RGB;16L") for tile in picture.tile]
    picture.load()
    return picture
