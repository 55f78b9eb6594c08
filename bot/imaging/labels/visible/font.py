"""The label's font: which letters it has, and how large it must be for letters of some height."""

import functools
from collections.abc import Sequence
from pathlib import Path

from PIL import ImageFont

FONT_FILE = Path(__file__).parent.parent / "fonts" / "label.ttf"

_EM_OF_CAP = 1.33  # a little less than the font has, so that the search begins too small
_MISSING = "\uffff"

Font = ImageFont.FreeTypeFont


def missing_letters(texts: Sequence[str]) -> list[str]:
    """Return the characters of `texts` that the label's font cannot draw."""
    font = _font(32)
    blank = bytes(font.getmask(_MISSING))
    letters = dict.fromkeys(letter for text in texts for letter in text if not letter.isspace())
    return [letter for letter in letters if bytes(font.getmask(letter)) == blank]


def check_font(texts: Sequence[str]) -> None:
    """Raise ValueError naming the characters of `texts` that the label's font cannot draw."""
    missing = missing_letters(texts)
    if missing:
        raise ValueError("the label's font has no letter for " + " ".join(missing))


@functools.lru_cache(maxsize=256)
def font_with_caps(least: int) -> tuple[Font, int]:
    """Return the smallest font whose capitals have `least` pixels, and how many they have."""
    size = max(1, int(least * _EM_OF_CAP))
    while _cap_px(_font(size)) < least:
        size += 1
    return _font(size), _cap_px(_font(size))


def _cap_px(font: Font) -> int:
    _, top, _, bottom = font.getbbox("A", anchor="ls")
    return round(bottom - top)


def _font(size: int) -> Font:
    return ImageFont.truetype(FONT_FILE, size, layout_engine=ImageFont.Layout.BASIC)
