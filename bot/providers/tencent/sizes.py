"""Which of an engine's sizes is meant by a member's size and ratio."""

from math import gcd

from bot.domain.engines.sizes import pixels
from bot.ports.provider import Work


def asked_pixels(work: Work) -> tuple[int, int] | None:
    """Return the size asked for in pixels: `size` itself, or the engine's first of that `ratio`.

    None where neither was asked for, or where the engine counts its sizes by name.
    """
    options = work.options
    if options.size is not None or options.ratio is None:
        return pixels(options.size)
    for size in work.engine.capabilities.sizes:
        sides = pixels(size)
        if sides and _ratio(*sides) == options.ratio:
            return sides
    return None


def _ratio(width: int, height: int) -> str:
    divisor = gcd(width, height)
    return f"{width // divisor}:{height // divisor}"
