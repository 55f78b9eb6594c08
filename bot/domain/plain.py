"""Takes out of typed text what nobody can see: it breaks databases and turns the text around it."""

import unicodedata
from typing import Any

_KEPT = {"\n", "\t"}
# Embeddings, overrides and isolates: one left open turns what a reader sees after it (UAX #9).
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_UNSEEN = {"Cc", "Cs"}  # control characters; halves of a pair, which no encoding takes


def plain(text: str) -> str:
    """Return a text without control characters, lone surrogates and marks of direction."""
    if text.isprintable():
        return text
    return "".join(filter(_is_plain, text))


def make_plain(data: Any) -> None:
    """Make every text that stands as a `value` in nested lists and mappings plain, in place."""
    for part in data if isinstance(data, list) else [data]:
        if not isinstance(part, dict):
            continue
        if isinstance(part.get("value"), str):
            part["value"] = plain(part["value"])
        for key in ("options", "components", "component"):
            make_plain(part.get(key, []))


def _is_plain(letter: str) -> bool:
    if letter in _KEPT:
        return True
    return letter not in _TURNING and unicodedata.category(letter) not in _UNSEEN
