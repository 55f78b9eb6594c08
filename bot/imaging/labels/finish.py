"""Labels an engine's picture, in the pixels and in the metadata, ready to be posted."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from PIL import Image

from bot.domain.labels.fingerprint import Fingerprint
from bot.domain.labels.label import Label
from bot.domain.pictures.errors import FileTooLarge
from bot.domain.pictures.picture import Picture
from bot.imaging.files import webp_file
from bot.imaging.labels.png_effort import png_effort
from bot.imaging.labels.result_reader import decode_result, kind_of
from bot.imaging.labels.visible.job_corner import JobCorner
from bot.imaging.labels.visible.label import draw_label
from bot.imaging.labels.xmp import Marks, Packets, read_marks
from bot.imaging.likeness.difference_hash import looks_of
from bot.imaging.pixels.colour import in_srgb, to_srgb, with_own_profile

_MIMES = MappingProxyType({"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"})
# JPEG at full colour resolution; WebP's method 2 takes half of method 4's time for 5 % more bytes.
_SAVING = MappingProxyType(
    {
        "JPEG": MappingProxyType({"quality": 95, "subsampling": 0}),
        "WEBP": MappingProxyType({"quality": 90, "method": 2}),
    }
)
# `exact` keeps the colours under transparent pixels; quality is the effort here, and 20 takes 0.6
# of what 50 does, for the same bytes.
_WEBP_LOSSLESS = MappingProxyType({"lossless": True, "exact": True, "quality": 20, "method": 2})
_SHRINK_QUALITIES = (92, 85, 75)
_SHRINK_STEP = 0.75
_SMALLEST_SIDE = 64

Size = tuple[int, int]


class Seal(Protocol):
    """Signs a finished picture; nothing may change in it afterwards."""

    def sealed(self, data: bytes, mime: str, signed_result: bytes | None) -> bytes:
        """Return it signed, or as it is; `signed_result`: what was signed before we changed it."""


class Mark(Protocol):
    """Puts what nobody sees into a picture."""

    def put(self, picture: Image.Image, job_id: str) -> None:
        """Mark an RGB or RGBA picture in place, if that can be done."""


class Labeller:
    """Labels one picture for every limit it is asked for, and encodes nothing a second time.

    JPEG, PNG and WebP keep their format, and stay lossless where they were; others become PNG.
    What marks the picture came with are merged, not lost.
    """

    def __init__(
        self,
        raw: bytes,
        label: Label,
        seal: Seal | None = None,
        corner: JobCorner | None = None,
        mark: Mark | None = None,
    ) -> None:
        self._raw = raw
        self._label = label
        self._seal = seal
        self._corner = corner or JobCorner(label, [raw])
        self._mark = mark
        self._whole: Picture | None = None
        self._over = 0  # the whole picture, not made to its end, has more bytes than this
        self._jpegs: dict[tuple[Size, int], int] = {}  # their bytes, by size and quality
        self._smaller: Picture | None = None
        self._smaller_for = 0.0  # the limit it was made for

    def within(self, max_bytes: float) -> Picture:
        """Return the picture as large as `max_bytes` allows: as it is, else as a smaller JPEG.

        What is transparent stays so, in a WebP, unless that would be no picture any more.

        The label is drawn anew at every size, so it never falls under its legal height. Raises
        NotAPicture, PictureFormatRefused, PictureDamaged or PictureTooManyPixels, and
        FileTooLarge where even a picture of 64 pixels is too large.
        """
        pixels = _Pixels(self._raw)
        if self._whole is None and max_bytes > self._over:
            self._whole = self._as_it_is(pixels, max_bytes)
        if self._whole is not None and len(self._whole.data) <= max_bytes:
            return self._whole
        is_fit = self._smaller is not None and len(self._smaller.data) <= max_bytes
        if self._smaller is None or not is_fit or max_bytes > self._smaller_for:
            self._smaller = self._made_smaller(pixels, int(max_bytes))
            self._smaller_for = max_bytes
        return self._smaller

    def is_whole(self, picture: Picture) -> bool:
        """Tell whether this is the picture as it came, not made smaller."""
        return picture is self._whole

    @cached_property
    def _marks(self) -> Marks:
        return read_marks(self._raw)

    @cached_property
    def _packets(self) -> Packets:
        return Packets(self._label, self._marks)

    def _finished(self, encoded: bytes, mime: str) -> bytes:
        """Return the file with its marks: the metadata, and over all of it the signature."""
        data = self._packets.into(encoded)
        if self._seal is None:
            return data
        return self._seal.sealed(data, mime, self._raw if self._marks.c2pa_present else None)

    def _as_it_is(self, pixels: "_Pixels", max_bytes: float) -> Picture | None:
        """Label the picture in its own format; None where that has more bytes than it may."""
        came_as = kind_of(self._raw)
        kind = came_as if came_as is not None and came_as in _MIMES else "PNG"
        picture = with_own_profile(pixels.decoded)
        self._draw(picture, pixels)
        try:
            data = encoded(picture, kind, self._raw, max_bytes)
        except _TooLarge:
            self._over = int(max_bytes)
            return None
        return _as_posted(self._finished(data, _MIMES[kind]), _MIMES[kind], picture)

    def _made_smaller(self, pixels: "_Pixels", max_bytes: int) -> Picture:
        if pixels.is_transparent:
            with suppress(FileTooLarge):
                return self._as_webp(pixels, max_bytes)
        return self._as_jpeg(pixels, max_bytes)

    def _draw(self, picture: Image.Image, pixels: "_Pixels") -> None:
        """Draw the label, and under it the mark, which a resize may have taken away."""
        if self._mark is not None:
            self._mark.put(picture, self._label.job_id)
        corner = self._corner.of(self._raw, pixels.decoded)
        draw_label(picture, self._label.text, corner)

    def _as_webp(self, pixels: "_Pixels", max_bytes: int) -> Picture:
        shown = to_srgb(pixels.decoded)
        for sides in _sizes(shown.size):
            picture = shown.resize(sides, Image.Resampling.LANCZOS)
            self._draw(picture, pixels)
            data = self._finished(_webp(picture), "image/webp")
            if len(data) <= max_bytes:
                return _as_posted(data, "image/webp", picture)
        raise FileTooLarge(len(self._raw), max_bytes)

    def _as_jpeg(self, pixels: "_Pixels", max_bytes: int) -> Picture:
        original = pixels.in_srgb
        for sides in _sizes(original.size):
            known = self._jpegs.get
            qualities = [q for q in _SHRINK_QUALITIES if known((sides, q), 0) <= max_bytes]
            if not qualities:
                continue
            picture = original.resize(sides, Image.Resampling.LANCZOS)
            self._draw(picture, pixels)
            for quality in qualities:
                data = self._finished(_jpeg(picture, quality), "image/jpeg")
                self._jpegs[sides, quality] = len(data)
                if len(data) <= max_bytes:
                    return _as_posted(data, "image/jpeg", picture)
        raise FileTooLarge(len(self._raw), max_bytes)


class _Pixels:
    """A picture's pixels, unpacked once for all sizes, and only if somebody needs them."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    @cached_property
    def decoded(self) -> Image.Image:
        return decode_result(self._raw)

    @property
    def is_transparent(self) -> bool:
        """Whether anything shows through."""
        picture = self.decoded
        return picture.mode == "RGBA" and picture.getchannel("A").getextrema() != (255, 255)

    @cached_property
    def in_srgb(self) -> Image.Image:
        return in_srgb(self.decoded)


class _TooLarge(Exception):
    """The file has more bytes than anybody will take."""


class _Bounded(io.BytesIO):
    """Ends an encoder's work as soon as it is in vain."""

    def __init__(self, max_bytes: float) -> None:
        super().__init__()
        self._max_bytes = max_bytes

    def write(self, data: bytes) -> int:  # type: ignore[override] # Pillow writes bytes
        if self.tell() + len(data) > self._max_bytes:
            raise _TooLarge
        return super().write(data)


def _as_posted(data: bytes, mime: str, shown: Image.Image) -> Picture:
    """Return a finished file with what it is known again by; `shown` are its pixels."""
    fingerprint = Fingerprint(hashlib.sha256(data).digest(), *looks_of(shown))
    return Picture(data, mime, *shown.size, fingerprint)


def encoded(picture: Image.Image, kind: str, raw: bytes, max_bytes: float) -> bytes:
    """Return `picture` as a file of `kind`, with its colour profile and nothing else."""
    saving: Mapping[str, object]
    if kind == "PNG":
        saving = png_effort(picture)
    elif kind == "WEBP" and webp_file.is_lossless(raw):
        saving = _WEBP_LOSSLESS
    else:
        saving = _SAVING[kind]
    out = _Bounded(max_bytes)
    picture.save(out, kind, icc_profile=picture.info.get("icc_profile"), **saving)
    return out.getvalue()


def _sizes(size: Size) -> Iterator[Size]:
    """Yield the sizes to try, each three quarters of the one before."""
    scale, sides = 1.0, size
    while scale == 1 or min(sides) >= _SMALLEST_SIDE:
        yield sides
        scale *= _SHRINK_STEP
        sides = (round(size[0] * scale), round(size[1] * scale))


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", **_SAVING["WEBP"])
    return out.getvalue()


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
