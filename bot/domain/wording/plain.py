"""Typed text without what breaks databases or turns the text around it, and whether any is seen."""

import unicodedata
from typing import Any

import regex

_KEPT = {"\n", "\t"}
# Embeddings, overrides and isolates: one left open turns what a reader sees after it (UAX #9).
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_UNSEEN = {"Cc", "Cs"}  # control characters; halves of a pair, which no encoding takes
# Marks are seen on a letter only; what is unassigned may be tomorrow's emoji, so it counts as seen.
_SEEN = regex.compile(
    r"[^\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}"
    r"\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Mn}\p{Me}"
    r"\u2800\U0001D159\U00013441\U00013442]"  # blanks that are called signs and letters
)


def plain(text: str) -> str:
    """Return a text without control characters, lone surrogates and marks of direction."""
    if text.isprintable():
        return text
    return "".join(filter(_is_plain, text))


def has_visible(text: str) -> bool:
    """Tell whether a text shows anything: white space, joiners and blank letters alone do not."""
    return _SEEN.search(text) is not None


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
