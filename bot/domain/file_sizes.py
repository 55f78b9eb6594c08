"""How the size of a file is said: in MiB, everywhere."""

import math

from bot.domain.limits import MIB


def mib(size: int) -> str:
    """Return bytes in words: "25 MiB", "0.3 MiB"."""
    return f"{size / MIB:.1f}".removesuffix(".0") + " MiB"


def mib_over(size: int, limit: int) -> str:
    """Return bytes over a limit in words, rounded such that they read as more than it."""
    tenths = max(math.ceil(size * 10 / MIB), math.floor(limit * 10 / MIB) + 1)
    return f"{tenths / 10:.1f} MiB"
