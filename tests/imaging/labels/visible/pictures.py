"""Grounds that a label must be read on, and how it is measured there."""

import random

from PIL import Image, ImageDraw

SQUARE_PX = 8  # of a checkerboard
GROUNDS = ("white", "black", "yellow", "#777777", "noise", "checkerboard", "transparent")
# Discord's dark and light themes, on which a transparent picture is shown
THEMES = ("#313338", "#1a1a1e", "#ffffff")

Size = tuple[int, int]


def noise(size: Size, mode: str = "RGB") -> Image.Image:
    chance = random.Random(3)  # noqa: S311 - a pattern, not a secret
    return Image.frombytes(mode, size, chance.randbytes(size[0] * size[1] * len(mode)))


def checkerboard(size: Size) -> Image.Image:
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for x in range(0, size[0], SQUARE_PX):
        for y in range(x // SQUARE_PX % 2 * SQUARE_PX, size[1], 2 * SQUARE_PX):
            pen.rectangle((x, y, x + SQUARE_PX - 1, y + SQUARE_PX - 1), "black")
    return picture


def ground(name: str, size: Size) -> Image.Image:
    """Return a picture of that size, RGB, or RGBA with white under what is transparent."""
    if name == "noise":
        return noise(size)
    if name == "checkerboard":
        return checkerboard(size)
    if name == "transparent":
        return Image.new("RGBA", size, (255, 255, 255, 0))
    return Image.new("RGB", size, name)


def shown(picture: Image.Image, theme: str) -> Image.Image:
    """Return what is seen of a picture in front of a theme."""
    front = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, theme), front).convert("RGB")


def luminance(pixel: tuple[int, int, int]) -> float:
    """Return the relative luminance that the web's contrast rules are defined by (WCAG 2.2)."""
    linear = [v / 3294.6 if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in pixel]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(bright: float, dark: float) -> float:
    return (bright + 0.05) / (dark + 0.05)
