"""The few of many names that somebody may have meant."""

from collections.abc import Sequence
from difflib import get_close_matches

_FEW = 5


def nearest(typed: str, names: Sequence[str]) -> str:
    """Return the names most like the typed one, most like it first; else the first few."""
    found = get_close_matches(typed, names, n=_FEW) or names[:_FEW]
    return ", ".join(found)
