"""Names and counts in words: the few of many names that were meant, so many pictures."""

from collections.abc import Sequence
from difflib import get_close_matches

_FEW = 5


def nearest(typed: str, names: Sequence[str]) -> str:
    """Return the names most like the typed one, most like it first; else the first few."""
    found = get_close_matches(typed, names, n=_FEW) or names[:_FEW]
    return ", ".join(found)


def first_few(names: Sequence[str]) -> str:
    """Return the first names, and how many there are besides."""
    shown = list(names[:_FEW])
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def pictures_text(images: float) -> str:
    """Return e.g. "1 picture" or "20 pictures"."""
    return "1 picture" if images == 1 else f"{images:.0f} pictures"
