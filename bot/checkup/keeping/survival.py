"""What of a posted picture's labels is still there in a file that Discord gives back."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageStat

from bot.domain.errors import NotPossible
from bot.domain.labels.credentials import CredentialsUnreadable, Standing
from bot.imaging.credentials.reading import read_credentials
from bot.imaging.labels.xmp import Marks, read_marks

_ALIKE = 12.0  # mean difference of a pixel, of 255: a re-encoded picture has up to 6 (measured)
_SHOWN = (550, 550)  # pictures are compared no larger than that


@dataclass(frozen=True, slots=True)
class Survival:
    """`lost` are the names of the layers that are gone; `how` tells what file came back."""

    lost: tuple[str, ...]
    kept: tuple[str, ...]
    how: str

    def __str__(self) -> str:
        """Say so in one line."""
        kept = f"still there: {', '.join(self.kept)}" if self.kept else "no label is left"
        lost = f"; gone: {', '.join(self.lost)}" if self.lost else ""
        return f"{self.how}; {kept}{lost}"


def survival(posted: bytes, got: bytes) -> Survival:
    """Compare what was posted with what came back, layer by layer."""
    if hashlib.sha256(posted).digest() == hashlib.sha256(got).digest():
        return Survival((), tuple(_layers(posted)), "the file as it was posted")
    before = _layers(posted)
    after = {**_layers(got), "visible label": _is_alike(posted, got)}
    had = [name for name, is_there in before.items() if is_there]
    kept = tuple(name for name in had if after.get(name))
    lost = tuple(name for name in had if not after.get(name))
    return Survival(lost, kept, f"another file ({_told(got)})")


def _layers(data: bytes) -> dict[str, bool]:
    try:
        marks = read_marks(data)
    except NotPossible:
        marks = Marks()
    found = {
        "visible label": True,
        "IPTC source type": marks.digital_source_type is not None,
        "TC260:AIGC": marks.aigc is not None,
        "Content Credentials (C2PA)": marks.c2pa_present and _is_intact(data),
    }
    return {name: is_there for name, is_there in found.items() if is_there}


def _is_intact(data: bytes) -> bool:
    """Tell whether a manifest still fits its picture, as far as anything here can check that."""
    try:
        found = read_credentials(data)
    except CredentialsUnreadable:
        return True
    return found is not None and found.standing not in (Standing.ALTERED, Standing.BROKEN)


def _is_alike(posted: bytes, got: bytes) -> bool:
    try:
        one, other = _small(posted), _small(got)
    except (OSError, ValueError):
        return False
    difference = ImageChops.difference(one.resize(other.size), other)
    return max(ImageStat.Stat(difference).mean) < _ALIKE


def _small(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail(_SHOWN)
    return picture


def _told(data: bytes) -> str:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return f"{opened.format}, {opened.width} × {opened.height} pixels"
    except (OSError, ValueError):
        return "no picture"
