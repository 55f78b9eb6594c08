"""Checks a JPEG's frame and scans, and what decoding them will cost (ITU-T T.81)."""

import io
import re
import struct
from dataclasses import dataclass

from PIL import Image, ImageChops, JpegImagePlugin

from bot.domain.jobs.limits import MAX_BLOCK_VISITS, MAX_COEFFICIENT_BYTES
from bot.domain.pictures.errors import PictureDamaged, PictureFormatRefused, PictureNotBaseline
from bot.imaging.files import exif, jpeg_file
from bot.imaging.files.bare import eight_bit, scale_of

_EOI, _SOS = 0xD9, 0xDA
_END = bytes((0xFF, _EOI))
_NOISE = bytes(37 * number % 251 for number in range(1, 65))  # pixels that nobody meant
_RESTART = re.compile(rb"\xff([\xd0-\xd7])")
_SEQUENTIAL, _PROGRESSIVE = {0xC0, 0xC1, 0xC9}, {0xC2, 0xCA}
_UNSUPPORTED = {0xC3: "Lossless JPEG", 0xCB: "Lossless JPEG", 0xF7: "JPEG-LS"} | dict.fromkeys(
    (0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF), "Hierarchical JPEG"
)
_FRAMES = _SEQUENTIAL | _PROGRESSIVE | set(_UNSUPPORTED)
_CHANNELS = {1, 3, 4}
_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")  # in packed pixels FF 00 is a byte FF
# What reading a marker costs besides the blocks of a scan, in visits of a block (measured).
_MARKER_VISITS = 500


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the start of a frame says; `blocks` counts each component's, by its id."""

    marker: int
    width: int
    height: int
    blocks: dict[int, int]


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A JPEG without what stands beside its pixels; see Source."""

    data: bytes
    size: tuple[int, int]
    orientation: int
    profile: bytes | None
    has_end: bool = True

    def load(self, enough_px: int | None) -> Image.Image:
        """See Source."""
        if self.has_end:
            return self._unpacked(self.data, enough_px)
        # A decoder fills up what is missing without a word. Nothing is, where it makes no
        # difference what would have come next.
        pixels = self.data.rstrip(b"\xff")
        shown = self._unpacked(pixels + _END, enough_px)
        other = self._unpacked(pixels + _other_rest(pixels) + _END, enough_px)
        if ImageChops.difference(shown, other).getbbox():
            raise PictureDamaged
        return shown

    def _unpacked(self, data: bytes, enough_px: int | None) -> Image.Image:
        picture = JpegImagePlugin.JpegImageFile(io.BytesIO(data))
        scale = scale_of(self.size, enough_px)
        width, height = picture.size
        picture.draft(None, (max(width // scale, 1), max(height // scale, 1)))
        picture.load()
        return eight_bit(picture)


def read_jpeg(data: bytes) -> Jpeg:
    """Return a JPEG, its header read.

    Raises PictureDamaged, PictureFormatRefused or PictureNotBaseline.
    """
    split = jpeg_file.split(data)
    pixels, frame = split.pixels, None
    for marker, start, end in jpeg_file.segments(pixels):
        if marker in _FRAMES:
            frame = _frame(marker, pixels[start + 4 : end])
        elif marker == _SOS and frame is not None:
            has_end = pixels.find(_END, start) >= 0
            _check_work(pixels, start, frame, times=1 if has_end else 2)
            size = (frame.width, frame.height)
            return Jpeg(pixels, size, exif.orientation(split.exif), split.profile, has_end)
    raise PictureDamaged


def _frame(marker: int, body: bytes) -> _Frame:
    if marker in _UNSUPPORTED:
        raise PictureFormatRefused(format=_UNSUPPORTED[marker])
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:  # noqa: PLR2004 - fixed part, then components
        raise PictureDamaged
    bits, height, width, channels = struct.unpack_from(">BHHB", body)
    if bits != 8:  # noqa: PLR2004 - the depth libjpeg is built for
        raise PictureFormatRefused(format=f"{bits}-bit JPEG")
    if channels not in _CHANNELS:
        raise PictureFormatRefused(format=f"JPEG with {channels} channels; such")
    parts = [struct.unpack_from("BB", body, 6 + 3 * number) for number in range(channels)]
    factors = {name: (packed >> 4, packed & 15) for name, packed in parts}
    across = max(factor for factor, _ in factors.values()) or 1
    down = max(factor for _, factor in factors.values()) or 1
    blocks = {
        name: _blocks(width * x, 8 * across) * _blocks(height * y, 8 * down)
        for name, (x, y) in factors.items()
    }
    return _Frame(marker, width, height, blocks)


def _blocks(samples: int, each: int) -> int:
    return -(-samples // each)


def _check_work(data: bytes, at: int, frame: _Frame, *, times: int) -> None:
    """Raise PictureNotBaseline where what stands from `at` on is too much, unpacked so often.

    A JPEG in several scans is kept as coefficients until the last one, and every scan goes over
    them again.
    """
    blocks = sum(frame.blocks.values())
    if frame.marker not in _PROGRESSIVE and _scanned(data, at, frame) == blocks:
        return
    visits = _visits(data, at, frame) * times
    if blocks * 64 * 2 > MAX_COEFFICIENT_BYTES or visits > MAX_BLOCK_VISITS:
        raise PictureNotBaseline(width=frame.width, height=frame.height)


def _other_rest(pixels: bytes) -> bytes:
    """Return what else might come, for wherever a decoder goes on: at once or at a restart."""
    restarts = _RESTART.findall(pixels)
    following = 0xD0 + (restarts[-1][0] + 1) % 8 if restarts else 0xD0
    return _NOISE + bytes((0xFF, following)) + _NOISE


def _visits(data: bytes, at: int, frame: _Frame) -> int:
    """Return what all scans cost, counted no further than is allowed."""
    visits = 0
    while visits <= MAX_BLOCK_VISITS and data[at + 1] != _EOI:
        marker = data[at + 1]
        visits += _MARKER_VISITS + (_scanned(data, at, frame) if marker == _SOS else 0)
        has_length = marker not in jpeg_file.BARE_MARKERS
        behind = at + 2 + (jpeg_file.segment_length(data, at + 2) if has_length else 0)
        following = _MARKER.search(data, behind)
        if following is None:
            break
        at = following.start()
    return visits


def _scanned(data: bytes, at: int, frame: _Frame) -> int:
    """Return how many blocks the scan at `at` goes over."""
    count = data[at + 4] if at + 4 < len(data) else 0
    names = data[at + 5 : at + 5 + 2 * count : 2]
    return sum(frame.blocks.get(name, 0) for name in set(names))
