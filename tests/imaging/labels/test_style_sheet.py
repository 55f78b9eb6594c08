"""Sheets of styles: every name legible, nothing covered, small enough, labelled."""

import io

import pytest
from PIL import Image, ImageChops

from bot.domain.labels.label import Label
from bot.imaging.labels.style_sheet import ON_A_SHEET, style_sheet
from bot.imaging.labels.xmp import read_marks

_LABEL = Label(text="AI-generated", producer="Easel", job_id="1", system="Anime")
_TILE, _GAP = 384, 20


def picture(colour: str, size: tuple[int, int] = (768, 768)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def opened(names: list[str], first: int = 1, size: tuple[int, int] = (768, 768)) -> Image.Image:
    sheet = style_sheet([(name, picture("red", size)) for name in names], first, _LABEL)
    return Image.open(io.BytesIO(sheet.data)).convert("RGB")


def under(sheet: Image.Image, column: int) -> Image.Image:
    """What stands below a picture of the first row, where its name is."""
    left = _GAP + column * (_TILE + _GAP)
    return sheet.crop((left, _GAP + _TILE + 4, left + _TILE, _GAP + _TILE + 60))


def test_a_sheet_of_nine_is_three_by_three_labelled_and_small() -> None:
    names = [f"Style {number}" for number in range(ON_A_SHEET)]
    made = style_sheet([(name, picture("teal")) for name in names], 1, _LABEL)
    assert made.mime == "image/jpeg"
    assert made.width == 3 * _TILE + 4 * _GAP
    assert len(made.data) < 2_000_000
    assert read_marks(made.data).aigc is not None


def test_names_differ_and_are_high_enough_for_a_phone() -> None:
    sheet = opened(["Ink", "Oil", "Ink"])
    first, second, third = (under(sheet, column) for column in range(3))
    assert (
        ImageChops.difference(first, third).convert("L").point(lambda v: 255 * (v > 60)).getbbox()
        is None
    )
    assert (
        ImageChops.difference(first, second).convert("L").point(lambda v: 255 * (v > 60)).getbbox()
    )
    box = first.convert("L").point(lambda value: 255 * (value > 128)).getbbox()
    assert box is not None
    on_a_phone = 350 / sheet.width
    assert (box[3] - box[1]) * on_a_phone >= 8  # capital letters of 12-point type


def test_a_name_that_the_font_cannot_draw_stands_there_as_its_number() -> None:
    unknown, number = opened(["\u0e44\u0e17\u0e22"], first=12), opened(["12"])
    assert ImageChops.difference(unknown, number).getbbox() is None


def test_a_long_name_takes_a_second_line_and_is_cut_there() -> None:
    long = "Black and White Sketch of an uncommonly long kind"
    sheet = opened([long])
    assert sheet.width == _TILE + 2 * _GAP
    assert sheet.height == opened(["Black and White Sketch"]).height
    assert sheet.height > opened(["Sketch"]).height


@pytest.mark.parametrize("size", [(300, 3000), (3000, 300), (768, 1024)])
def test_odd_shapes_keep_to_a_tile_of_three_by_four_or_four_by_three(size: tuple[int, int]) -> None:
    sheet = opened(["Ink", "Oil", "Clay"], size=size)
    red = sheet.getpixel((_GAP + 5, _GAP + 5))
    column = [sheet.getpixel((_GAP + 5, y)) for y in range(_GAP, sheet.height)]
    height = sum(abs(r - red[0]) + g + b < 60 for r, g, b in column)  # the label stands elsewhere
    assert 0.74 * _TILE <= height <= 1.34 * _TILE
