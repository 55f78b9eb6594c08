"""What a CDN may do to a picture: keep it, strip it, encode it anew, or make it smaller."""

from enum import StrEnum
from io import BytesIO

from PIL import Image

_QUALITY = 80
_SIDE = 550


class Treatment(StrEnum):
    """What becomes of uploads; Discord's own ways have changed over the years."""

    KEPT = "kept"
    STRIPPED = "stripped"
    REENCODED = "re-encoded"
    RESIZED = "resized"


def treated(data: bytes, treatment: Treatment) -> bytes:
    """Return a picture after the treatment; what is no picture stays as it is."""
    if treatment is Treatment.KEPT:
        return data
    try:
        with Image.open(BytesIO(data)) as opened:
            kind = opened.format or ""
            picture = opened.copy()
    except (OSError, ValueError, SyntaxError):
        return data
    picture.info.clear()
    if treatment is Treatment.RESIZED:
        picture.thumbnail((_SIDE, _SIDE))
    is_exact = treatment is Treatment.STRIPPED
    return _saved(picture, kind, quality=95 if is_exact else _QUALITY, lossless=is_exact)


def preview(data: bytes, size: tuple[int, int], kind: str | None) -> bytes:
    """Return a picture in that size, bare, as previews are."""
    with Image.open(BytesIO(data)) as opened:
        picture, came_as = opened.convert("RGB"), opened.format or "JPEG"
    return _saved(picture.resize(size), (kind or came_as).upper(), quality=_QUALITY)


def _saved(picture: Image.Image, kind: str, **options: int) -> bytes:
    out = BytesIO()
    if kind == "PNG":
        options = {}
    picture.save(out, kind, **options)
    return out.getvalue()
