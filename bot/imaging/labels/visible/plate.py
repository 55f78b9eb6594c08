"""A label's plate: dark glass with round corners and a light rim, and the letters on it."""

import functools

from PIL import Image, ImageDraw

from bot.imaging.labels.visible.lettering import Lettering, Size

_TINT = (16, 18, 22)
_OPACITY = 176  # of 255: white letters keep a contrast of about 6.6:1 even on white
_INK = (255, 255, 255)
_RIM_OPACITY = 44  # of 255: sets the plate off from a ground as dark as itself, and no more
_RADIUS, _RIM = 0.42, 0.035  # in cap heights
_SMOOTH = 4  # the corners are drawn this much larger, then reduced


def plate(ground: Image.Image, letters: Lettering) -> Image.Image:
    """Return the part of an RGB or RGBA picture that a label covers, with the label on it."""
    glass = _glass(ground)
    _write(glass, letters)
    radius = round(_RADIUS * letters.cap)
    rim = max(1, round(_RIM * letters.cap))
    inner = (max(1, ground.width - 2 * rim), max(1, ground.height - 2 * rim))
    framed = _veiled(glass, (255, 255, 255), _RIM_OPACITY)
    framed.paste(
        glass.crop((rim, rim, rim + inner[0], rim + inner[1])),
        (rim, rim),
        _shape(inner, max(0, radius - rim)),
    )
    return Image.composite(framed, ground, _shape(ground.size, radius))


def _write(glass: Image.Image, letters: Lettering) -> None:
    """Draw the lines on their plate, each in its middle."""
    pen = ImageDraw.Draw(glass)
    block = letters.cap + letters.pitch * (len(letters.lines) - 1)
    foot = (glass.height - block) // 2 + letters.cap
    for line in letters.lines:
        left, _, right, _ = letters.font.getbbox(line, anchor="ls")
        x = (glass.width - (right - left)) / 2 - left
        pen.text((x, foot), line, _INK, letters.font, anchor="ls")
        foot += letters.pitch


def _glass(ground: Image.Image) -> Image.Image:
    """Return a plate of one colour, the ground's mean darkened: flat, it takes next to no bytes.

    What is transparent lends its colour to nothing.
    """
    kept = ground.convert("RGBa") if ground.mode == "RGBA" else ground
    mean = kept.resize((1, 1), Image.Resampling.BOX).convert(ground.mode)
    return _veiled(mean, _TINT, _OPACITY).resize(ground.size)


def _veiled(ground: Image.Image, colour: tuple[int, int, int], opacity: int) -> Image.Image:
    """Return a picture seen through a film of colour, as dense where nothing is behind it."""
    if ground.mode == "RGB":
        return Image.blend(ground, Image.new("RGB", ground.size, colour), opacity / 255)
    return Image.alpha_composite(ground, Image.new("RGBA", ground.size, (*colour, opacity)))


@functools.lru_cache(maxsize=16)
def _shape(size: Size, radius: int) -> Image.Image:
    """Return a mask of a box with round corners."""
    radius = min(radius, size[0] // 2, size[1] // 2)
    shape = Image.new("L", size, 255)
    if not radius:
        return shape
    side = 2 * radius
    disc = Image.new("L", (side * _SMOOTH, side * _SMOOTH))
    ImageDraw.Draw(disc).ellipse((0, 0, disc.width - 1, disc.height - 1), fill=255)
    disc = disc.reduce(_SMOOTH)
    for x, left in ((0, 0), (size[0] - radius, radius)):
        for y, top in ((0, 0), (size[1] - radius, radius)):
            shape.paste(disc.crop((left, top, left + radius, top + radius)), (x, y))
    return shape
