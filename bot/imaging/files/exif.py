"""Reads from EXIF, which nobody vouches for, the two things that matter: orientation and labels."""

import contextlib
import json
from types import MappingProxyType

from bot.imaging.files.ifd import Layout, Tag, first_offset, layout_of, numbers, read_directory

ORIENTATION = 274
_EXIF_DIRECTORY = 0x8769
_TEXTS = MappingProxyType(
    {
        0x010E: "ImageDescription",
        0x010F: "Make",
        0x0131: "Software",
        0x013B: "Artist",
        0x9286: "UserComment",
    }
)
_CODE_BYTES = 8  # before a user comment: what it is written in
_MOST_TEXT = 8192  # bytes
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


def texts(exif: bytes | None) -> list[tuple[str, str]]:
    """Return the texts of EXIF that programs sign with, by their names there."""
    layout = layout_of(exif) if exif else None
    if not exif or layout is None:
        return []
    first, _ = read_directory(exif, layout, first_offset(exif, layout))
    at = numbers(exif, layout, first.get(_EXIF_DIRECTORY))
    inner, _ = read_directory(exif, layout, at[0]) if at else ({}, 0)
    found = [(name, _value(exif, (first | inner).get(tag))) for tag, name in _TEXTS.items()]
    return [(name, _text(name, value, layout)) for name, value in found if value]


def _value(exif: bytes, tag: Tag | None) -> bytes:
    return exif[tag.at : tag.at + min(tag.size, _MOST_TEXT)] if tag is not None else b""


def _text(name: str, value: bytes, layout: Layout) -> str:
    if name != "UserComment":
        return value.decode("utf-8", "replace").strip("\0 ")
    head, body = value[:_CODE_BYTES], value[_CODE_BYTES:]
    if not head.startswith(b"UNICODE"):
        return body.decode("utf-8", "replace").strip("\0 ")
    # In the file's byte order, says Exif; in the other one, as many programs write it.
    ours, other = ("utf-16-le", "utf-16-be") if layout.order == "<" else ("utf-16-be", "utf-16-le")
    is_ours = body[1:2] == b"\0" if layout.order == "<" else body[:1] == b"\0"
    return body.decode(ours if is_ours else other, "replace").strip("\0 ")


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
