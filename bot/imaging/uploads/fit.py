"""Makes of any upload the file an engine takes: upright, sRGB, in its limits, nothing hidden."""

import io

from PIL import Image

from bot.domain.jobs.limits import MAX_UPLOAD_BYTES, PictureLimits
from bot.domain.pictures.errors import FileTooLarge, PictureTooNarrow, PictureTooSmall
from bot.domain.pictures.picture import Picture
from bot.imaging.files.bare import Source
from bot.imaging.files.sniff import sniff
from bot.imaging.pixels.colour import in_srgb, to_srgb
from bot.imaging.pixels.decode import open_picture, pixels

_QUALITIES = (95, 90, 85, 75)
_FULL_COLOUR_FROM = 90  # colour at half resolution shows only below
_SMALLER_QUALITY = 85
# Smooth pictures lose fewer bytes than pixels; each try costs CPU time, at 4096 pixels 1.5 s.
_BYTES_BY_SIDE = 1.25
_PNG_MARGIN = 0.95
_LEAST_STEP = 0.5
_PNG_LEVEL = 3  # a third of level 6's time for 7 % more bytes
_OPAQUE = 255


def fit(data: bytes, limits: PictureLimits) -> Picture:
    """Return `data` as a JPEG within `limits`; always re-encoded, so that no metadata survives.

    What is transparent becomes a PNG where that is wanted, as large as fits in, else it is laid on
    white.
    Raises FileTooLarge, PictureTooSmall, PictureTooNarrow and what `open_picture` raises.
    To be called where a crash does no harm: see `Fence`.
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise FileTooLarge(len(data), MAX_UPLOAD_BYTES)
    source = _opened(data)
    _check_shape(*source.size, limits)
    picture = pixels(source, limits.max_side)
    picture.thumbnail((limits.max_side, limits.max_side), Image.Resampling.LANCZOS)
    if limits.alpha and (transparent := _transparent(picture, limits)):
        return transparent
    return _within(in_srgb(picture), limits)


def _transparent(picture: Image.Image, limits: PictureLimits) -> Picture | None:
    """Return what is transparent as a PNG, smaller where that would have too many bytes.

    None where nothing is transparent, or the engine takes none that small.
    """
    if picture.mode != "RGBA" or picture.getchannel("A").getextrema()[0] == _OPAQUE:
        return None
    whole = shown = to_srgb(picture)
    while len(data := _png(shown)) > limits.max_bytes:
        share = (limits.max_bytes / len(data)) ** (1 / _BYTES_BY_SIDE)
        scale = max(_PNG_MARGIN * share, _LEAST_STEP)
        smaller = (int(shown.width * scale), int(shown.height * scale))
        if min(smaller) <= limits.min_side:
            return None
        shown = whole.resize(smaller, Image.Resampling.LANCZOS)
    return Picture(data, "image/png", *shown.size)


def _opened(data: bytes) -> Source:
    kind = sniff(data)
    if kind not in {"HEIC", "AVIF"}:
        return open_picture(data)
    # 6 MB (measured) that a reader without such pictures never needs.
    from bot.imaging.pixels.heif import open_heif  # noqa: PLC0415 - where one comes

    return open_heif(kind, data)


def _check_shape(width: int, height: int, limits: PictureLimits) -> None:
    short, long = sorted((width, height))
    if short <= limits.min_side:
        raise PictureTooSmall(width=width, height=height, minimum=limits.min_side)
    ratio = limits.max_side // (limits.min_side + 1)
    if long > limits.max_side and long > short * ratio:
        raise PictureTooNarrow(width=width, height=height, ratio=ratio)


def _within(picture: Image.Image, limits: PictureLimits) -> Picture:
    for quality in _QUALITIES:
        data = _jpeg(picture, quality)
        if len(data) <= limits.max_bytes:
            return Picture(data, "image/jpeg", *picture.size)
    while len(data) > limits.max_bytes:
        smaller = (picture.width * 3 // 4, picture.height * 3 // 4)
        if min(smaller) <= limits.min_side:
            raise FileTooLarge(len(data), limits.max_bytes)
        picture = picture.resize(smaller, Image.Resampling.LANCZOS)
        data = _jpeg(picture, _SMALLER_QUALITY)
    return Picture(data, "image/jpeg", *picture.size)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.info = {}
    picture.save(out, "PNG", compress_level=_PNG_LEVEL)
    return out.getvalue()


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    subsampling = 0 if quality >= _FULL_COLOUR_FROM else 2
    picture.save(out, "JPEG", quality=quality, subsampling=subsampling)
    return out.getvalue()
