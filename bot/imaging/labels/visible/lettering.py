"""How large a label's letters are in a picture, in which lines, and how large their plate is."""

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.labels.wording import short_label
from bot.imaging.labels.visible.font import Font, font_with_caps
from bot.imaging.labels.visible.line_breaks import Breaks, pieces

CAP_SHARE = 0.05  # of the shortest side, the least a label's capitals may have (GB 45438-2025)
PREVIEW_PX = (550, 350)  # what Discord's client fits a picture into (an estimate)
READABLE_CAP_PX = 9  # smaller capitals are legal, but hard to read

_MOST_OF_SIDE = 1 / 6  # of the shortest side, for capitals that the preview wants higher than law
_LEAST_CAP_PX = 5  # lower ones are blots
_MOST_OF_HEIGHT = 0.6  # of the picture, for a label of many lines
_STEPS = 24  # sizes tried between the wanted one and the least
# In cap heights.
_PAD_X, _PAD_Y, _MARGIN, _PITCH = 0.62, 0.46, 0.42, 1.62

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Lettering:
    """The lines of a label; `cap` is the height of its capitals, in pixels as all lengths here."""

    lines: tuple[str, ...]
    font: Font
    cap: int

    @property
    def plate(self) -> Size:
        """Width and height of the plate behind the lines."""
        widest = max(_width(line, self.font) for line in self.lines)
        height = self.cap + self.pitch * (len(self.lines) - 1) + 2 * round(_PAD_Y * self.cap)
        return widest + 2 * round(_PAD_X * self.cap), height

    @property
    def pitch(self) -> int:
        """From one line's foot to the next one's."""
        return round(_PITCH * self.cap)

    @property
    def margin(self) -> int:
        """Between the plate and the picture's edges."""
        return max(1, round(_MARGIN * self.cap))

    @property
    def room(self) -> Size:
        """Width and height of the plate with its margins."""
        width, height = self.plate
        return width + 2 * self.margin, height + 2 * self.margin


def legal_cap(size: Size) -> int:
    """Return the height that capitals have at least in a picture, in pixels."""
    return math.ceil(CAP_SHARE * min(size))


def wanted_cap(size: Size) -> int:
    """Return the height at which capitals are legal, and can be read in Discord's preview, too."""
    shown = min(1.0, *(most / side for most, side in zip(PREVIEW_PX, size, strict=True)))
    readable = min(math.ceil(READABLE_CAP_PX / shown), math.floor(min(size) * _MOST_OF_SIDE))
    return max(legal_cap(size), readable, 1)


@functools.lru_cache(maxsize=256)
def lettering(size: Size, text: str) -> Lettering:
    """Return `text` in as few lines, and as near to the wanted height, as a picture has room for.

    A picture too small for it has lower letters, then a shorter text that says the same, then
    words that are parted anywhere: never fewer than 5 % of the shortest side while that fits.
    """
    least = max(legal_cap(size), min(_LEAST_CAP_PX, wanted_cap(size)))
    for said in dict.fromkeys((text, short_label(text))):
        for breaks in (Breaks.BETWEEN_WORDS, Breaks.BETWEEN_SIGNS):
            for cap in _caps(wanted_cap(size), least):
                found = _lines_within(size, pieces(said, breaks), cap, _MOST_OF_HEIGHT)
                if found:
                    return found
    return _at_any_price(size, text, least)


def _at_any_price(size: Size, text: str, least: int) -> Lettering:
    """Return what a very small picture holds of `text`: all of it, while that is possible."""
    parts = pieces(text, Breaks.ANYWHERE)
    for cap in range(least, 0, -1):
        found = _lines_within(size, parts, cap, 1.0)
        if found:
            return found
    font, cap = font_with_caps(1)
    return Lettering((text,), font, cap)


def _caps(wanted: int, least: int) -> Iterator[int]:
    """Yield heights from the wanted one down to the least."""
    step = max(1, math.ceil((wanted - least) / _STEPS))
    yield from range(wanted, least, -step)
    yield least


def _lines_within(size: Size, parts: list[str], cap: int, share: float) -> Lettering | None:
    """Return the parts in lines that a picture has room for, filling `share` of its height."""
    font, cap = font_with_caps(cap)
    sides = 2 * (max(1, round(_MARGIN * cap)) + round(_PAD_X * cap))
    lines = _filled(parts, font, size[0] - sides)
    if lines is None:
        return None
    found = Lettering(_balanced(parts, font, lines), font, cap)
    return found if found.room[1] <= max(share * size[1], 0) else None


def _filled(parts: list[str], font: Font, most: int) -> tuple[str, ...] | None:
    """Return lines of at most so many pixels, None where one part alone has more."""
    lines: list[str] = []
    for part in parts:
        joined = (lines[-1] if lines else "") + part
        if lines and _width(joined, font) <= most:
            lines[-1] = joined
        elif _width(part, font) <= most:
            lines.append(part)
        else:
            return None
    return tuple(line.strip() for line in lines)


def _balanced(parts: list[str], font: Font, lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return as many lines, the widest of them as narrow as it can be."""
    while len(lines) > 1:
        narrower = _filled(parts, font, max(_width(line, font) for line in lines) - 1)
        if narrower is None or len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _width(line: str, font: Font) -> int:
    left, _, right, _ = font.getbbox(line.strip(), anchor="ls")
    return math.ceil(right - left)
