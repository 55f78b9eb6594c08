"""Sizes of pictures as members write them, and as an API takes them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

from bot.domain.jobs.job import Options

_PIXELS = re.compile(r"(\d{1,5}) ?[x×*:] ?(\d{1,5})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PixelRule:
    """Which sizes in pixels an API takes besides those it names; 0 or empty = no such rule.

    Sides and areas are inclusive. With `long_sides` and `ratios` the long side is one of these,
    and the other one is what the ratio makes of it.
    """

    least_side: int = 0
    most_side: int = 0
    multiple_of: int = 1
    least_area: int = 0
    most_area: int = 0
    long_sides: tuple[int, ...] = ()
    ratios: tuple[str, ...] = ()

    def allows(self, width: int, height: int) -> bool:
        """Tell whether the API takes this size."""
        sides, area = (width, height), width * height
        return (
            min(sides) >= max(self.least_side, 1)
            and (not self.most_side or max(sides) <= self.most_side)
            and all(side % self.multiple_of == 0 for side in sides)
            and area >= self.least_area
            and (not self.most_area or area <= self.most_area)
            and (not self.long_sides or max(sides) in self.long_sides)
            and (not self.ratios or any(has_ratio(sides, ratio) for ratio in self.ratios))
        )

    def __str__(self) -> str:
        """Say the rule to a member."""
        parts = []
        if self.least_side or self.most_side:
            parts.append(f"sides of {self.least_side} to {self.most_side or 'any'}")
        if self.multiple_of > 1:
            parts.append(f"sides divisible by {self.multiple_of}")
        if self.least_area:
            parts.append(f"at least {self.least_area:,} pixels in all")
        if self.most_area:
            parts.append(f"at most {self.most_area:,} pixels in all")
        if self.long_sides:
            parts.append(f"a long side of {', '.join(map(str, self.long_sides))}")
        if self.ratios:
            parts.append(f"ratios of {', '.join(self.ratios)}")
        return "width x height with " + ", ".join(parts or ["any sides"])


def pixels(size: str | None) -> tuple[int, int] | None:
    """Return (width, height) of a size such as "768x1024", None for a name such as "2K"."""
    found = _PIXELS.fullmatch((size or "").strip())
    return (int(found[1]), int(found[2])) if found else None


def has_ratio(sides: tuple[int, int], ratio: str) -> bool:
    """Tell whether the short side is what the ratio makes of the long one, to the pixel.

    "auto" leaves it open, so any sides have it.
    """
    if ratio == "auto":
        return True
    left, _, right = ratio.partition(":")
    wide, high = int(left), int(right)
    if (sides[0] - sides[1]) * (wide - high) < 0:
        return False
    return abs(min(sides) - max(sides) * min(wide, high) / max(wide, high)) < 1


def asked_pixels(options: Options, sizes: Sequence[str]) -> tuple[int, int] | None:
    """Return the size asked for in pixels: `size` itself, or an engine's first of that `ratio`.

    None where neither was asked for, or where the engine counts its `sizes` by name.
    """
    if options.size is not None or options.ratio is None:
        return pixels(options.size)
    for size in sizes:
        sides = pixels(size)
        if sides and _ratio(*sides) == options.ratio:
            return sides
    return None


def _ratio(width: int, height: int) -> str:
    divisor = gcd(width, height)
    return f"{width // divisor}:{height // divisor}"
