"""Reads from EXIF, which nobody vouches for, the two things that matter: orientation and labels."""

import contextlib
import json

from bot.imaging.files.ifd import first_offset, layout_of, numbers, read_directory

ORIENTATION = 274
_UPRIGHT = 1
_LABEL = '"AIGC"'
# A user comment is ASCII or UNICODE (Exif 3.0, 4.6.6), and that in either byte order.
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
_NEAR = 512  # bytes between a label and the brace before it
_LONGEST = 64 * 1024  # bytes of one label, as a JPEG's segment has
_MOST_TRIED = 64  # each is parsed, and a file has one


def orientation(exif: bytes | None) -> int:
    """Return how the pixels lie, 1 to 8; 1 (upright) where that is not told or cannot be read."""
    layout = layout_of(exif) if exif else None
    if not exif or layout is None:
        return _UPRIGHT
    tags, _ = read_directory(exif, layout, first_offset(exif, layout))
    found = numbers(exif, layout, tags.get(ORIENTATION))
    return found[0] if found and found[0] in range(1, 9) else _UPRIGHT


def aigc_texts(exif: bytes) -> list[str]:
    """Find comments that are AIGC labels, without parsing the directories around them.

    Of a file that holds more of them than any does, or longer ones, not all are found.
    """
    return [text for encoding in _ENCODINGS for text in _labels(exif, encoding)]


def _labels(exif: bytes, encoding: str) -> list[str]:
    name, brace = _LABEL.encode(encoding), "{".encode(encoding)
    found, at = [], exif.find(name)
    for _ in range(_MOST_TRIED):
        if at < 0:
            break
        start = exif.rfind(brace, max(0, at - _NEAR), at)
        near = exif[start : start + _LONGEST] if start >= 0 else b""
        text = near.decode(encoding, "ignore")
        with contextlib.suppress(ValueError, RecursionError):
            value, end = json.JSONDecoder().raw_decode(text)
            if isinstance(value, dict) and "AIGC" in value:
                found.append(text[:end])
        at = exif.find(name, at + len(name))
    return found
