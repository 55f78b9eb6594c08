"""Durations as people write them: 90m, 6h, 30d, 2w."""

import re

_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds_of(text: str) -> float:
    """Return the seconds of a span; raises ValueError with the form it should have."""
    match = re.fullmatch(r"(\d+)([mhdw])", text.strip())
    if match is None:
        raise ValueError("write a number and m, h, d or w, for example 30d")
    return int(match[1]) * _UNITS[match[2]]


def in_words(seconds: float) -> str:
    """Return a span in the largest unit it fills, rounded, e.g. "6 h" or "30 min"."""
    for name, size in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size and (name != "days" or seconds >= 2 * size):
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s"


def exactly(seconds: float) -> str:
    """Return how long something took, e.g. "23 s" or "2 min 5 s"; at least a second."""
    minutes, rest = divmod(max(round(seconds), 1), 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"
