"""The emoji of the scene's own server, each drawn by a few shapes."""

from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

_SIDE: Final = 96  # pixels, twice what a page shows at most
_FINE: Final = 4  # drawn so many times as large, for smooth edges

Shape = tuple[str, tuple[float, ...], str]  # what it is, its points on a grid of 24, its colour

_EASEL: Final[list[Shape]] = [
    ("line", (12, 1.5, 12, 22), "#7a4b21"),
    ("line", (9, 15, 5, 23), "#9c6230"),
    ("line", (15, 15, 19, 23), "#9c6230"),
    ("rectangle", (3.5, 4, 20.5, 16.5), "#fbf6ea"),
    ("ellipse", (13.5, 5.5, 17.5, 9.5), "#f0b429"),
    ("polygon", (4.5, 15.5, 9.5, 8.5, 14, 15.5), "#2f7d6d"),
    ("polygon", (10, 15.5, 14.5, 10.5, 19.5, 15.5), "#3f9a86"),
    ("line", (4, 17.4, 20, 17.4), "#7a4b21"),
]
_BRUSH: Final[list[Shape]] = [
    ("line", (21, 3, 12, 12), "#b9772f"),
    ("line", (13.4, 10.6, 10.6, 13.4), "#c3ccd6"),
    ("ellipse", (3.5, 12.5, 12, 21), "#d6455d"),
    ("polygon", (9, 11.8, 12.2, 15, 9, 20, 3, 22, 4.8, 15.5), "#d6455d"),
]
_LIGHTHOUSE: Final[list[Shape]] = [
    ("polygon", (12, 5, 23, 1, 23, 9), "#f6d878"),
    ("polygon", (9.2, 8, 14.8, 8, 16.5, 22, 7.5, 22), "#fbf6ea"),
    ("polygon", (8.9, 11, 15.1, 11, 15.6, 15, 8.4, 15), "#d6455d"),
    ("polygon", (8, 18.5, 16, 18.5, 16.5, 22, 7.5, 22), "#d6455d"),
    ("rectangle", (9.8, 3.8, 14.2, 8), "#f0b429"),
    ("polygon", (8.8, 4, 12, 0.8, 15.2, 4), "#3b4656"),
    ("line", (3.5, 22.4, 20.5, 22.4), "#3b4656"),
]
EMOJI: Final = {"easel": _EASEL, "brush": _BRUSH, "lighthouse": _LIGHTHOUSE}


@cache
def emoji_picture(name: str) -> bytes:
    """Draw one of EMOJI as a WebP."""
    large = Image.new("RGBA", (_SIDE * _FINE, _SIDE * _FINE))
    draw, unit = ImageDraw.Draw(large), _SIDE * _FINE / 24
    for kind, points, colour in EMOJI[name]:
        at = [each * unit for each in points]
        if kind == "line":
            draw.line(at, fill=colour, width=round(1.6 * unit), joint="curve")
        else:
            getattr(draw, kind)(at, fill=colour)
    written = BytesIO()
    large.resize((_SIDE, _SIDE), Image.Resampling.BOX).save(written, "WEBP", quality=90)
    return written.getvalue()
