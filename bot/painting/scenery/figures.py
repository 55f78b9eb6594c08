"""The local painter's figures: a cat, a boat, a balloon and their like, in a unit square."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from PIL import Image, ImageDraw

from bot.painting.scenery.words import Colour

_SHARP = 3


class Pen:
    """Draws in a square whose corners are (0, 0) and (1, 1)."""

    def __init__(self, side: int, dark: Colour, light: Colour, accent: Colour) -> None:
        self.image = Image.new("RGBA", (side * _SHARP, side * _SHARP), (*dark, 0))
        self.dark, self.light, self.accent = dark, light, accent
        self._draw = ImageDraw.Draw(self.image)
        self._scale = side * _SHARP

    def oval(self, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
        """Fill an oval within two corners."""
        self._draw.ellipse([value * self._scale for value in (x0, y0, x1, y1)], fill=colour)

    def shape(self, points: str, colour: Colour) -> None:
        """Fill a polygon given as "x,y x,y …"."""
        corners = [
            (float(x) * self._scale, float(y) * self._scale)
            for x, y in (point.split(",") for point in points.split())
        ]
        self._draw.polygon(corners, fill=colour)

    def arc(
        self,
        box: tuple[float, float, float, float],
        start: int,
        end: int,
        width: float,
        colour: Colour | None = None,
    ) -> None:
        """Draw a part of an oval's line, in degrees clockwise from three o'clock."""
        corners = [value * self._scale for value in box]
        thick = round(width * self._scale)
        self._draw.arc(corners, start, end, fill=colour or self.dark, width=thick)

    def done(self) -> Image.Image:
        """Return the drawing, RGBA, with smooth edges."""
        return self.image.reduce(_SHARP)


def _cat(pen: Pen) -> None:
    pen.arc((0.56, 0.62, 0.94, 1.0), 20, 180, 0.055)
    pen.oval(0.875, 0.80, 0.945, 0.87, pen.dark)
    pen.oval(0.26, 0.44, 0.72, 1.04, pen.dark)
    pen.oval(0.24, 0.82, 0.76, 1.06, pen.dark)
    pen.shape("0.34,0.40 0.60,0.40 0.64,0.62 0.32,0.62", pen.dark)
    pen.oval(0.28, 0.16, 0.66, 0.50, pen.dark)
    pen.shape("0.29,0.32 0.28,0.03 0.45,0.19", pen.dark)
    pen.shape("0.65,0.32 0.66,0.03 0.49,0.19", pen.dark)
    pen.oval(0.355, 0.30, 0.425, 0.37, pen.light)
    pen.oval(0.515, 0.30, 0.585, 0.37, pen.light)
    pen.oval(0.382, 0.305, 0.398, 0.365, pen.dark)
    pen.oval(0.542, 0.305, 0.558, 0.365, pen.dark)


def _rabbit(pen: Pen) -> None:
    pen.oval(0.18, 0.76, 0.34, 0.92, pen.light)
    pen.oval(0.24, 0.54, 0.74, 1.02, pen.dark)
    pen.oval(0.54, 0.38, 0.86, 0.68, pen.dark)
    pen.oval(0.56, 0.04, 0.67, 0.48, pen.dark)
    pen.oval(0.69, 0.06, 0.79, 0.48, pen.dark)
    pen.oval(0.60, 0.84, 0.84, 1.02, pen.dark)
    pen.oval(0.72, 0.48, 0.765, 0.525, pen.light)


def _boat(pen: Pen) -> None:
    pen.shape("0.485,0.06 0.515,0.06 0.515,0.82 0.485,0.82", pen.dark)
    pen.shape("0.53,0.08 0.62,0.24 0.80,0.52 0.86,0.68 0.53,0.70", pen.light)
    pen.shape("0.47,0.16 0.36,0.40 0.18,0.68 0.47,0.70", pen.accent)
    pen.shape("0.10,0.76 0.92,0.76 0.82,0.92 0.74,0.96 0.26,0.96 0.18,0.90", pen.dark)


def _balloon(pen: Pen) -> None:
    pen.oval(0.14, 0.02, 0.86, 0.72, pen.accent)
    pen.shape("0.19,0.52 0.81,0.52 0.58,0.80 0.42,0.80", pen.accent)
    pen.oval(0.28, 0.02, 0.72, 0.72, pen.light)
    pen.shape("0.31,0.54 0.69,0.54 0.54,0.80 0.46,0.80", pen.light)
    pen.oval(0.40, 0.02, 0.60, 0.72, pen.accent)
    pen.shape("0.42,0.56 0.58,0.56 0.52,0.80 0.48,0.80", pen.accent)
    pen.shape("0.425,0.80 0.435,0.80 0.455,0.88 0.445,0.88", pen.dark)
    pen.shape("0.565,0.80 0.575,0.80 0.555,0.88 0.545,0.88", pen.dark)
    pen.shape("0.43,0.87 0.57,0.87 0.55,0.97 0.45,0.97", pen.dark)


def _lighthouse(pen: Pen) -> None:
    pen.shape("0.10,1.0 0.24,0.92 0.44,0.87 0.66,0.89 0.84,0.95 0.92,1.0", pen.dark)
    pen.shape("0.43,0.26 0.57,0.26 0.63,0.90 0.37,0.90", (240, 234, 224))
    for top, bottom, grow in ((0.36, 0.47, 0.0), (0.58, 0.69, 0.02), (0.79, 0.89, 0.04)):
        left, right = 0.42 - grow, 0.58 + grow
        pen.shape(
            f"{left},{top} {right},{top} {right + 0.01},{bottom} {left - 0.01},{bottom}", pen.accent
        )
    pen.shape("0.39,0.23 0.61,0.23 0.61,0.26 0.39,0.26", pen.dark)
    pen.shape("0.45,0.14 0.55,0.14 0.55,0.23 0.45,0.23", (255, 236, 160))
    pen.shape("0.42,0.14 0.50,0.06 0.58,0.14", pen.dark)


def _house(pen: Pen) -> None:
    pen.shape("0.66,0.20 0.76,0.20 0.76,0.50 0.66,0.50", pen.dark)
    pen.shape("0.18,0.52 0.82,0.52 0.82,1.0 0.18,1.0", mixed(pen.dark, pen.accent))
    pen.shape("0.08,0.56 0.50,0.18 0.92,0.56", pen.dark)
    for x in (0.26, 0.60):
        pen.shape(f"{x},0.64 {x + 0.14},0.64 {x + 0.14},0.80 {x},0.80", (255, 218, 128))
    pen.shape("0.44,0.70 0.56,0.70 0.56,1.0 0.44,1.0", pen.dark)


def _whale(pen: Pen) -> None:
    pen.oval(0.30, 0.46, 0.96, 0.94, pen.dark)
    pen.shape("0.14,0.46 0.26,0.60 0.44,0.56 0.62,0.46 0.62,0.94 0.40,0.88 0.22,0.74", pen.dark)
    pen.shape(
        "0.02,0.30 0.14,0.34 0.18,0.42 0.22,0.32 0.34,0.26 0.30,0.42 0.20,0.54 0.12,0.46", pen.dark
    )
    pen.shape("0.50,0.86 0.64,0.86 0.52,1.0 0.46,1.0", pen.dark)
    pen.oval(0.80, 0.62, 0.835, 0.655, pen.light)
    for start, box in ((180, (0.60, 0.20, 0.72, 0.66)), (270, (0.58, 0.20, 0.66, 0.66))):
        pen.arc(box, start, start + 90, 0.022, pen.light)


def _birds(pen: Pen) -> None:
    for x, y, span in (
        (0.15, 0.40, 0.30),
        (0.52, 0.20, 0.26),
        (0.60, 0.58, 0.20),
        (0.30, 0.70, 0.16),
    ):
        pen.arc((x, y, x + span / 2, y + span / 2), 200, 340, 0.018)
        pen.arc((x + span / 2.2, y, x + span / 2.2 + span / 2, y + span / 2), 200, 340, 0.018)


def _rocket(pen: Pen) -> None:
    pen.shape("0.40,0.78 0.50,1.0 0.60,0.78", (255, 190, 90))
    pen.shape("0.36,0.60 0.22,0.84 0.40,0.76", pen.accent)
    pen.shape("0.64,0.60 0.78,0.84 0.60,0.76", pen.accent)
    pen.oval(0.35, 0.04, 0.65, 0.92, (232, 232, 238))
    pen.shape("0.36,0.80 0.64,0.80 0.60,0.94 0.40,0.94", pen.dark)
    pen.shape("0.44,0.09 0.50,0.02 0.56,0.09 0.60,0.20 0.40,0.20", pen.accent)
    pen.oval(0.43, 0.34, 0.57, 0.48, pen.dark)
    pen.oval(0.45, 0.36, 0.55, 0.46, (150, 210, 240))


FIGURES: Mapping[str, Callable[[Pen], None]] = MappingProxyType(
    {
        "cat": _cat,
        "rabbit": _rabbit,
        "boat": _boat,
        "balloon": _balloon,
        "lighthouse": _lighthouse,
        "house": _house,
        "whale": _whale,
        "birds": _birds,
        "rocket": _rocket,
    }
)
IN_THE_AIR = frozenset({"balloon", "birds", "rocket"})


def mixed(one: Colour, other: Colour) -> Colour:
    """Return the colour half-way."""
    red, green, blue = ((a + b) // 2 for a, b in zip(one, other, strict=True))
    return red, green, blue


def figure(name: str, side: int, dark: Colour, light: Colour, accent: Colour) -> Image.Image:
    """Return a figure as RGBA, `side` pixels wide and high, standing on its lower edge."""
    pen = Pen(side, dark, light, accent)
    FIGURES[name](pen)
    return pen.done()
