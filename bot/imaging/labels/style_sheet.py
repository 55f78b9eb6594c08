"""Puts pictures beside each other, each with its name underneath, to be read on a phone."""

import io
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from PIL import Image, ImageDraw, ImageFont, ImageOps

from bot.domain.discord_limits import MESSAGE_FILES, REQUEST_BYTES
from bot.domain.labels.corners import Corner
from bot.domain.labels.label import Label
from bot.domain.pictures.picture import Picture
from bot.imaging.labels.finish import Labeller
from bot.imaging.labels.result_reader import decode_result
from bot.imaging.labels.visible.font import FONT_FILE, check_font
from bot.imaging.labels.visible.label import calmest, draw_label, label_room
from bot.imaging.pixels.colour import in_srgb

ON_A_SHEET = 9  # three times three: as wide as a phone's screen, and not much higher

_COLUMNS = 3
_TILE_PX = 384  # wide: with the gaps 1,232 pixels, a third of which a phone shows
_GAP_PX = 20
_NAME_PX = 42  # of the font: 12 points on a phone
_LINE_PX = 50
_LINES = 2
_ABOVE_NAME_PX, _BELOW_NAME_PX = 10, 28
_FLATTEST, _TALLEST = 0.75, 4 / 3  # of a tile, height by width
_GROUND, _INK = (30, 31, 36), (242, 243, 245)
_QUALITY = 92
_MAX_BYTES = REQUEST_BYTES // (MESSAGE_FILES + 1)  # as many as go into one message, with its text

Named = tuple[str, bytes]
"""A name and the encoded picture above it, as an API gave it."""


def style_sheet(pictures: Sequence[Named], first: int, label: Label) -> Picture:
    """Return a labelled sheet of at most `ON_A_SHEET` pictures, so large that a message takes ten.

    Each of them is labelled, too. A name with letters that the font lacks stands there as its
    number, the first one's being `first`. Raises what decoding the pictures raises.
    """
    tiles = _tiles([data for _, data in pictures], label)
    names = [_lines(name, first + number) for number, (name, _) in enumerate(pictures)]
    captioned = list(zip(tiles, names, strict=True))
    rows = [
        _row(captioned[start : start + _COLUMNS]) for start in range(0, len(captioned), _COLUMNS)
    ]
    out = io.BytesIO()
    _stacked(rows, label.text).save(out, "JPEG", quality=_QUALITY, subsampling=0)
    below = replace(label, corner=Corner.BOTTOM_RIGHT, marked=None)
    return Labeller(out.getvalue(), below).within(_MAX_BYTES)


def _tiles(pictures: Sequence[bytes], label: Label) -> list[Image.Image]:
    """Return the pictures in one size, cut where they differ in shape, each with its label."""
    tiles: list[Image.Image] = []
    for data in pictures:
        picture = in_srgb(decode_result(data))
        shape = picture.height / picture.width
        height = round(_TILE_PX * min(max(shape, _FLATTEST), _TALLEST))
        size = tiles[0].size if tiles else (_TILE_PX, height)
        tiles.append(ImageOps.fit(picture, size, Image.Resampling.LANCZOS))
    corner = label.corner or calmest(tiles, label.text)
    for tile in tiles:
        draw_label(tile, label.text, corner)
    return tiles


def _lines(name: str, number: int) -> list[str]:
    """Return a name in as many lines as it may have, the last one cut if need be."""
    shown = " ".join(name.split())
    try:
        check_font([shown])
    except ValueError:
        shown = str(number)
    lines: list[str] = []
    for word in shown.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and _font().getlength(joined) <= _TILE_PX:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], " ".join(lines[_LINES - 1 :])]
    return [_cut(line) for line in lines]


def _cut(line: str) -> str:
    if _font().getlength(line) <= _TILE_PX:
        return line
    while _font().getlength(f"{line}…") > _TILE_PX:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _row(captioned: Sequence[tuple[Image.Image, list[str]]]) -> Image.Image:
    """Return pictures beside each other, with their names underneath."""
    lines = max(len(names) for _, names in captioned)
    height = captioned[0][0].height + _ABOVE_NAME_PX + lines * _LINE_PX + _BELOW_NAME_PX
    row = Image.new("RGB", (_GAP_PX + len(captioned) * (_TILE_PX + _GAP_PX), height), _GROUND)
    pen = ImageDraw.Draw(row)
    for column, (tile, names) in enumerate(captioned):
        left = _GAP_PX + column * (_TILE_PX + _GAP_PX)
        row.paste(tile, (left, 0))
        for number, line in enumerate(names):
            top = tile.height + _ABOVE_NAME_PX + number * _LINE_PX
            pen.text((left + _TILE_PX // 2, top), line, _INK, _font(), anchor="ma")
    return row


def _stacked(rows: Sequence[Image.Image], text: str) -> Image.Image:
    """Return the rows below each other, over room for the label of the whole."""
    width = max(row.width for row in rows)
    height = _GAP_PX + sum(row.height for row in rows)
    room = label_room((width, height), text)
    sheet = Image.new("RGB", (width, height + room), _GROUND)
    top = _GAP_PX
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height
    return sheet


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT_FILE, _NAME_PX, layout_engine=ImageFont.Layout.BASIC)
