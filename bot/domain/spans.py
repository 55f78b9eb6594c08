"""Spans of time as people write them: 90m, 6h, 30d, 2w."""

import re

_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds_of(text: str) -> float:
    """Return the seconds of a span; raises ValueError with the form it should have."""
    match = re.fullmatch(r"(\d+)([mhdw])", text.strip())
    if match is None:
        raise ValueError("write a number and m, h, d or w, for example 30d")
    return int(match[1]) * _UNITS[match[2]]
