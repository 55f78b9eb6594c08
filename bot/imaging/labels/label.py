"""The visible label: what it looks like, and that every letter of it can be drawn."""

import functools
import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bot.domain.labels.corners import Corner

FONT_FILE = Path(__file__).parent / "fonts" / "label.ttf"
CAP_SHARE = 0.05  # of the shortest side, the least a label's letters may have (GB 45438-2025)
MIN_CAP_PX = 9  # smaller letters are legal on a small picture, but nobody can read them

_SHORTER = ("AI生成", "AI")  # where the picture is too narrow for its own label
_CAP_OF_EM = 0.75  # a little more than the font has, so that the search begins too small
_MISSING = "\uffff"
_PLATE = (16, 18, 22)
_PLATE_OPACITY = 170  # of 255: white letters keep a contrast of about 7:1 even on white
_INK = (255, 255, 255)
# In cap heights.
_PAD_X, _PAD_Y, _RADIUS, _MARGIN, _BLUR = 0.62, 0.46, 0.42, 0.42, 0.35
# Corners at the far end of each axis: on the right, and at the bottom.
_FAR = (
    frozenset((Corner.BOTTOM_RIGHT, Corner.TOP_RIGHT)),
    frozenset((Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT)),
)
_SMOOTH = 4  # the plate's corners are drawn this much larger, then reduced


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


def draw_label(picture: Image.Image, text: str, corner: Corner | None = None) -> None:
    """Draw `text` on a plate in a corner of an RGB or RGBA picture, in place.

    The capital letters are at least 5 % of the shortest side high. A text too wide gives way to a
    shorter one that says the same, and so does none at all.
    """
    font, cap = cap_font(min(picture.size))
    margin = max(1, round(_MARGIN * cap))
    for candidate in filter(None, (text.strip(), *_SHORTER)):
        left, _, right, _ = font.getbbox(candidate)
        width = math.ceil(right - left) + 2 * round(_PAD_X * cap)
        if width + 2 * margin <= picture.width:
            break
    height = cap + 2 * round(_PAD_Y * cap)
    room = (max(0, picture.width - width), max(0, picture.height - height))
    where = corner or Corner.BOTTOM_RIGHT
    x, y = (_begin(where, *each, margin) for each in zip(_FAR, room, strict=True))
    box = (x, y, min(picture.width, x + width), min(picture.height, y + height))
    plate = _plate(picture.crop(box), round(_RADIUS * cap), _BLUR * cap)
    pen = ((plate.width - (right - left)) / 2 - left, (plate.height + cap) / 2)
    ImageDraw.Draw(plate).text(pen, candidate, _INK, font, anchor="ls")
    picture.paste(plate, box)


def _begin(corner: Corner, far: frozenset[Corner], room: int, margin: int) -> int:
    """Return where on one axis a plate begins that leaves so much room beside it."""
    return max(0, room - margin) if corner in far else min(margin, room)


def label_room(shortest_side: int) -> int:
    """Return how many pixels above a picture's lower edge its label takes, margins included.

    The room is added below the picture, so the label may be as large as that makes it.
    """
    room = 0
    while True:  # the label grows with the side, which the room is a part of
        _, cap = cap_font(shortest_side + room)
        needed = cap + 2 * round(_PAD_Y * cap) + 2 * max(1, round(_MARGIN * cap))
        if needed <= room:
            return room
        room = needed


@functools.lru_cache(maxsize=64)
def cap_font(shortest_side: int) -> tuple[ImageFont.FreeTypeFont, int]:
    """Return the smallest font that is high enough, and its capital letters' height in pixels."""
    least = max(math.ceil(CAP_SHARE * shortest_side), MIN_CAP_PX)
    size = math.floor(least / _CAP_OF_EM)
    while _cap_px(_font(size)) < least:
        size += 1
    return _font(size), _cap_px(_font(size))


def _cap_px(font: ImageFont.FreeTypeFont) -> int:
    _, top, _, bottom = font.getbbox("A", anchor="ls")
    return round(bottom - top)


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT_FILE, size, layout_engine=ImageFont.Layout.BASIC)


def _plate(ground: Image.Image, radius: int, blur: float) -> Image.Image:
    """Return `ground` seen through dark frosted glass with round corners."""
    glass = ground.filter(ImageFilter.GaussianBlur(blur))
    tint = Image.new(ground.mode, ground.size, _PLATE)
    glass = Image.blend(glass, tint, _PLATE_OPACITY / 255)
    large = (ground.width * _SMOOTH, ground.height * _SMOOTH)
    shape = Image.new("L", large)
    corners = (0, 0, large[0] - 1, large[1] - 1)
    ImageDraw.Draw(shape).rounded_rectangle(corners, radius * _SMOOTH, fill=255)
    return Image.composite(glass, ground, shape.resize(ground.size, Image.Resampling.BOX))
