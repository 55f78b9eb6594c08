"""The visible label can be read on any ground, and touches nothing beside its plate."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.domain.labels.corners import Corner
from bot.domain.labels.wording import all_labels
from bot.imaging.labels.visible.label import calmest, draw_label, label_room, letters_of
from bot.imaging.labels.visible.lettering import CAP_SHARE
from bot.imaging.labels.visible.placement import corner_box
from tests.imaging.labels.visible.pictures import (
    GROUNDS,
    THEMES,
    Size,
    contrast,
    ground,
    luminance,
    noise,
    shown,
)

LEAST_CONTRAST = 4.5  # (WCAG 2.2, 1.4.3)
SIZES = ((512, 512), (1024, 1024), (768, 1024), (64, 64), (51, 51), (1600, 160), (160, 1600))


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """Return the box around the letters drawn on black."""
    box = picture.convert("L").point(lambda value: 255 if value > 128 else 0).getbbox()
    assert box is not None
    return box


def of_letters(size: Size, text: str, corner: Corner) -> Image.Image:
    """Return the part of the plate within its rim, white where letters are, as drawn on black."""
    on_black = Image.new("RGB", size)
    draw_label(on_black, text, corner)
    return inside(on_black, text, corner).convert("L")


def inside(picture: Image.Image, text: str, corner: Corner) -> Image.Image:
    letters = letters_of(picture.size, text)
    left, top, right, bottom = corner_box(picture.size, letters, corner)
    rim = max(1, round(0.2 * letters.cap))
    return picture.crop((left + rim, top + rim, right - rim, bottom - rim))


def measured(picture: Image.Image, text: str, corner: Corner) -> float:
    """Return the contrast of the letters with the brightest part of the plate around them."""
    mask = of_letters(picture.size, text, corner).get_flattened_data()
    drawn = inside(picture.convert("RGB"), text, corner).get_flattened_data()
    bright = [luminance(pixel) for pixel, is_ink in zip(drawn, mask, strict=True) if is_ink > 250]
    dark = [luminance(pixel) for pixel, is_ink in zip(drawn, mask, strict=True) if is_ink < 24]
    assert bright
    return contrast(min(bright), max(dark))


@pytest.mark.parametrize("text", ["AI", "A"])
@pytest.mark.parametrize("size", SIZES)
def test_capitals_as_they_are_drawn_have_a_twentieth_of_the_shortest_side(
    size: Size, text: str
) -> None:
    picture = Image.new("RGB", size)
    draw_label(picture, text)
    left, top, right, bottom = ink(picture)
    assert bottom - top >= CAP_SHARE * min(size)
    assert 0 < left < right < size[0]
    assert 0 < top < bottom < size[1]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", GROUNDS)
@pytest.mark.parametrize("text", ["AI-generated", "AI生成"])
def test_letters_stand_out_from_any_ground(size: Size, name: str, text: str) -> None:
    picture = ground(name, size)
    draw_label(picture, text)
    for theme in THEMES if picture.mode == "RGBA" else THEMES[:1]:
        assert measured(shown(picture, theme), text, Corner.BOTTOM_RIGHT) >= LEAST_CONTRAST


@settings(max_examples=60, deadline=None)
@given(
    st.integers(51, 8192),
    st.integers(51, 8192),
    st.sampled_from(("RGB", "RGBA")),
    st.sampled_from(all_labels()),
    st.sampled_from(Corner),
    st.sampled_from(("white", "yellow", "noise")),
)
def test_whatever_the_size_it_is_inside_high_enough_and_legible(
    width: int, height: int, mode: str, text: str, corner: Corner, name: str
) -> None:
    height = min(height, max(51, 1_000_000 // width))  # so that a thousand pictures take no day
    size = (width, height)
    before = ground(name, size).convert(mode)
    after = before.copy()
    draw_label(after, text, corner)
    changed = ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox()
    left, top, right, bottom = corner_box(size, letters_of(size, text), corner)
    assert changed is not None
    assert left <= changed[0] < changed[2] <= right
    assert top <= changed[1] < changed[3] <= bottom
    assert letters_of(size, text).cap >= CAP_SHARE * min(size)
    assert measured(after, text, corner) >= LEAST_CONTRAST


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_nothing_beside_the_plate_is_touched(mode: str) -> None:
    before = noise((512, 384), mode)
    after = before.copy()
    draw_label(after, "AI-generated", Corner.TOP_LEFT)
    box = corner_box(before.size, letters_of(before.size, "AI-generated"), Corner.TOP_LEFT)
    for picture in (before, after):
        picture.paste((0,) * len(mode), box)
    assert after.tobytes() == before.tobytes()


@pytest.mark.parametrize("size", [(512, 384), (384, 512), (64, 64), (1600, 64)])
@pytest.mark.parametrize("corner", Corner)
def test_the_label_stands_in_the_corner_that_was_chosen(corner: Corner, size: Size) -> None:
    before = noise(size)
    after = before.copy()
    draw_label(after, "AI", corner)
    changed = ImageChops.difference(before, after).getbbox()
    assert changed is not None
    left, top, right, bottom = changed
    at_left, at_top = left < size[0] - right, top < size[1] - bottom
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    where = ("top" if at_top else "bottom", "left" if at_left else "right")
    assert " ".join(where) == corner


def test_the_letters_are_the_same_in_every_corner() -> None:
    letters = set()
    for corner in Corner:
        picture = Image.new("RGB", (400, 300))
        draw_label(picture, "AI", corner)
        letters.add(picture.crop(ink(picture)).tobytes())
    assert len(letters) == 1


def test_no_text_is_no_way_around_the_label() -> None:
    picture = Image.new("RGB", (400, 300))
    draw_label(picture, "  ")
    assert ink(picture)[3] > 270


def test_labels_drawn_in_many_threads_at_once_are_all_the_same() -> None:
    def labelled(_: int) -> bytes:
        picture = Image.new("RGB", (700, 500), "teal")
        draw_label(picture, "AI-generated")
        return picture.tobytes()

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(labelled, range(60)))) == 1


def test_the_colour_under_what_is_transparent_does_not_shine_through() -> None:
    white, black = (Image.new("RGBA", (400, 400), (value,) * 3 + (0,)) for value in (255, 0))
    for picture in (white, black):
        draw_label(picture, "AI")
    assert (
        ImageChops.difference(
            *(inside(each, "AI", Corner.BOTTOM_RIGHT) for each in (white, black))
        ).getbbox()
        is None
    )
    assert white.getchannel("A").resize((1, 1)).getpixel((0, 0)) < 30


def test_one_corner_is_the_calmest_of_all_tiles() -> None:
    tiles = [noise((400, 400)) for _ in range(2)]
    tiles[0].paste("teal", (0, 0, 400, 200))
    tiles[1].paste("teal", (200, 0, 400, 400))
    assert calmest(tiles, "AI生成") is Corner.TOP_RIGHT


@pytest.mark.parametrize("size", [(64, 64), (400, 300), (1232, 1600), (4000, 4000)])
def test_the_room_for_a_label_holds_it_also_once_it_is_part_of_the_picture(size: Size) -> None:
    room = label_room(size, "AI-generated")
    letters = letters_of((size[0], size[1] + room), "AI-generated")
    assert letters.room[1] <= room <= 0.2 * size[1] + 60
