"""How sizes are said: files in MiB everywhere, the room on a disk in the same measure."""

import math

MIB = 1024 * 1024  # the one measure of file sizes: Discord's own limits are in it, too


def mib(size: int) -> str:
    """Return bytes in words: "25 MiB", "0.3 MiB"."""
    return f"{size / MIB:.1f}".removesuffix(".0") + " MiB"


def mib_over(size: int, limit: int) -> str:
    """Return bytes over a limit in words, rounded such that they read as more than it."""
    tenths = max(math.ceil(size * 10 / MIB), math.floor(limit * 10 / MIB) + 1)
    return f"{tenths / 10:.1f} MiB"


def room(free: int) -> str:
    """Return the bytes free on a disk in words, rounded down: "31.9 MiB", "73.3 GiB"."""
    unit, name = (MIB * 1024, "GiB") if free >= MIB * 1024 else (MIB, "MiB")
    return f"{free * 10 // unit / 10:.1f} {name}"
