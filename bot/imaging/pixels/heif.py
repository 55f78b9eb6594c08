"""Reads what phones save, HEIC and AVIF; imported when one comes, as an upload in the child alone.

Both are turned by their own properties (ISO 23008-12, irot and imir), so EXIF's copy of that turns
nothing once more.
"""

import io
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pi_heif import heif, options
from PIL import AvifImagePlugin, Image

from bot.domain.jobs.limits import MAX_HEIF_PIXELS, MAX_PARTS
from bot.domain.pictures.errors import PictureFormatRefused
from bot.imaging.files import exif
from bot.imaging.files.bare import Bare, Source, eight_bit, scale_of
from bot.imaging.files.carriers import MAX_PROFILE_BYTES
from bot.imaging.pixels.decode import opened
from bot.imaging.pixels.deep import high_bytes

# How libheif and libavif say that a whole file is of a kind that they do not read.
_NOT_READ = ("Unsupported f", "No decoding plugin", "No codec", "Not implemented")
_ODD = "HEIF of an unusual kind; such"
_BOX_HEADER = 8  # bytes (ISO 14496-12)
_HOLD_PICTURES = (b"meta", b"mdat")
_BAND_ROWS = 512  # even in all scales


def open_heif(kind: str, data: bytes) -> Source:
    """Read the boxes of a "HEIC" or "AVIF" only; no pixel is decoded yet.

    Raises PictureFormatRefused, PictureDamaged, PictureHeaderNonsense, PictureTooManyPixels.
    """
    return opened(_READERS[kind], data, MAX_HEIF_PIXELS)


@dataclass(frozen=True, slots=True)
class Heic:
    """The picture that a HEIC calls its primary one; see Source."""

    image: heif.HeifImage
    size: tuple[int, int]
    profile: bytes | None
    orientation: int = 1

    def load(self, enough_px: int | None) -> Image.Image:
        """See Source; made smaller in bands, so that there is never a second whole copy."""
        try:
            pixels = self.image.data
        except (ValueError, RuntimeError) as error:
            raise _cause(error) from error
        width, height = self.image.size
        scale = scale_of((width, height), enough_px)
        shown: Image.Image | None = None
        for top in range(0, height, _BAND_ROWS):
            rows = min(_BAND_ROWS, height - top)
            begin, end = top * self.image.stride, (top + rows) * self.image.stride
            band = self._band(pixels[begin:end], (width, rows)).reduce(scale)
            if shown is None:
                shown = Image.new(band.mode, (band.width, -(-height // scale)))
            shown.paste(band, (0, top // scale))
        if shown is None:
            raise EOFError("no rows")
        return shown

    def _band(self, rows: memoryview, size: tuple[int, int]) -> Image.Image:
        mode = self.image.mode
        band = Image.frombuffer(mode, size, bytes(rows), "raw", mode, self.image.stride, 1)
        return high_bytes(band) if mode.startswith("I") else eight_bit(band)


def _read_heic(data: bytes) -> Source:
    if _is_cut(data):
        raise EOFError("the file breaks off")
    # One thread: more of them want more address space than the child has.
    options.DECODE_THREADS = 1
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    try:
        file = heif.open_heif(data)
    except (ValueError, RuntimeError, SyntaxError) as error:
        raise _cause(error) from error
    if len(file) == 0:  # it has pictures, and none of a kind that libheif knows
        raise PictureFormatRefused(format=_ODD)
    image = file[file.primary_index]
    profile = image.info.get("icc_profile")
    is_kept = profile and len(profile) <= MAX_PROFILE_BYTES
    return Heic(image, image.size, bytes(profile) if is_kept else None)


def _is_cut(data: bytes) -> bool:
    """Tell whether a file ends within its pictures: libheif shows missing tiles of a grid as grey.

    What is no box at the end is not looked at: phones hang on trailers of their own.
    """
    at = 0
    for _ in range(MAX_PARTS):
        if at + _BOX_HEADER > len(data):
            return False
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1 and at + 2 * _BOX_HEADER <= len(data):  # its true size stands behind its name
            (size,) = struct.unpack_from(">8xQ", data, at)
        if size < _BOX_HEADER:  # 0: it goes on to the end
            return False
        at += size
        if at > len(data):
            return kind in _HOLD_PICTURES
    return False


def _cause(error: Exception) -> Exception:
    """Return the refusal where the file is not to blame, else what the library said."""
    if any(words in str(error) for words in _NOT_READ):
        return PictureFormatRefused(format=_ODD)
    return error


def _read_avif(data: bytes) -> Source:
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # for the same reason
    try:
        picture = AvifImagePlugin.AvifImageFile(io.BytesIO(data))
    except (RuntimeError, SyntaxError) as error:
        raise _cause(error) from error
    return Bare(
        data,
        picture.size,
        AvifImagePlugin.AvifImageFile,
        exif.orientation(picture.info.get("exif", b"").removeprefix(b"Exif\0\0")),
        picture.info.get("icc_profile"),
    )


_READERS: Mapping[str, Callable[[bytes], Source]] = MappingProxyType(
    {"HEIC": _read_heic, "AVIF": _read_avif}
)
