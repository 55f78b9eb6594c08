"""A label stands where it covers least, inside the picture, and never over another mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.domain.labels.corners import Corner, Rect
from bot.imaging.labels.visible.label import letters_of
from bot.imaging.labels.visible.placement import (
    Size,
    chosen,
    corner_box,
    covered,
    mark_box,
    unrest,
)
from tests.imaging.labels.visible.pictures import noise

CALM = dict.fromkeys(Corner, 0.0)
NOTHING = dict.fromkeys(Corner, 0)
TEXT = "AI-generated"


def calm_only_in(corner: Corner, size: Size, mode: str = "RGB") -> Image.Image:
    picture = noise(size, mode)
    width, height = size
    x = width // 2 if "right" in corner else 0
    y = height // 2 if "bottom" in corner else 0
    picture.paste("teal", (x, y, x + width // 2, y + height // 2))
    return picture


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
@pytest.mark.parametrize("size", [(1200, 900), (400, 800), (90, 60)])
@pytest.mark.parametrize("corner", Corner)
def test_the_calmest_corner_is_found(corner: Corner, size: Size, mode: str) -> None:
    picture = calm_only_in(corner, size, "RGB").convert(mode)
    edges = unrest(picture, size, letters_of(size, "AI"))
    assert chosen(None, [edges], NOTHING) is corner


def test_a_smaller_copy_shows_the_same_corner() -> None:
    for corner in Corner:
        picture = calm_only_in(corner, (2048, 1536))
        small = picture.reduce(4)
        edges = unrest(small, picture.size, letters_of(picture.size, TEXT))
        assert chosen(None, [edges], NOTHING) is corner


def test_of_corners_as_calm_as_each_other_it_is_the_one_below_on_the_right() -> None:
    for colour in ("white", "black", "teal"):
        picture = Image.new("RGB", (640, 480), colour)
        edges = unrest(picture, picture.size, letters_of(picture.size, TEXT))
        assert chosen(None, [edges], NOTHING) is Corner.BOTTOM_RIGHT


def test_all_pictures_of_a_job_count() -> None:
    first = {**CALM, Corner.BOTTOM_RIGHT: 9.0, Corner.BOTTOM_LEFT: 1.0, Corner.TOP_RIGHT: 4.0}
    second = {**CALM, Corner.BOTTOM_LEFT: 9.0, Corner.TOP_RIGHT: 3.0, Corner.TOP_LEFT: 8.0}
    assert chosen(None, [first], NOTHING) is Corner.TOP_LEFT
    assert chosen(None, [first, second], NOTHING) is Corner.TOP_RIGHT


@pytest.mark.parametrize("corner", Corner)
def test_a_fixed_corner_holds_however_busy_it_is(corner: Corner) -> None:
    assert chosen(corner, [{**CALM, corner: 99.0}], NOTHING) is corner


@pytest.mark.parametrize(
    ("corner", "neighbour"),
    [
        (Corner.BOTTOM_RIGHT, Corner.BOTTOM_LEFT),
        (Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT),
        (Corner.TOP_RIGHT, Corner.TOP_LEFT),
        (Corner.TOP_LEFT, Corner.TOP_RIGHT),
    ],
)
def test_a_fixed_corner_that_another_mark_has_gives_way_to_its_neighbour(
    corner: Corner, neighbour: Corner
) -> None:
    size = (1024, 1024)
    covers = covered(size, letters_of(size, "AI生成"), corner)
    assert chosen(corner, [CALM], covers) is neighbour


@given(
    st.integers(128, 2000),
    st.integers(128, 2000),
    st.sampled_from((*Corner, None)),
    st.sampled_from(("AI-generated", "AI生成", "von einem Programm gezeichnet")),
    st.data(),
)
def test_a_label_and_another_mark_never_overlap(
    width: int, height: int, fixed: Corner | None, text: str, data: st.DataObject
) -> None:
    size = (width, height)
    x = data.draw(st.integers(0, width // 2))
    y = data.draw(st.integers(0, height // 2))
    rect = st.tuples(
        *(st.just(x), st.just(y), st.integers(1, width // 8), st.integers(1, height // 8))
    )
    mark: Corner | Rect = data.draw(st.one_of(st.sampled_from(Corner), rect))
    letters = letters_of(size, text)
    corner = chosen(fixed, [CALM], covered(size, letters, mark))
    ours, theirs = corner_box(size, letters, corner), mark_box(size, mark)
    is_apart = (
        ours[2] <= theirs[0] or theirs[2] <= ours[0] or ours[3] <= theirs[1] or theirs[3] <= ours[1]
    )
    assert corner is not mark
    assert is_apart


@given(st.integers(1, 8192), st.integers(1, 8192), st.sampled_from(Corner))
def test_every_corner_is_inside_the_picture(width: int, height: int, corner: Corner) -> None:
    left, top, right, bottom = corner_box(
        (width, height), letters_of((width, height), TEXT), corner
    )
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
