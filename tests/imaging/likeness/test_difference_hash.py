"""A copy shares nearly all bits with its picture, whatever its mode; another picture does not."""

import io
import random

import pytest
from PIL import Image, ImageDraw

from bot.domain.labels.likeness import MOST_DETAIL_DIFFERING, distance
from bot.imaging.likeness.difference_hash import looks_of


def likeness_of(picture: Image.Image) -> int:
    return looks_of(picture)[0]


def scene(seed: int = 0) -> Image.Image:
    """Return a picture with something in every part of it, another one for each seed."""
    chance = random.Random(seed)  # noqa: S311 - a pattern, not a secret
    cells = Image.frombytes("RGB", (7, 6), chance.randbytes(7 * 6 * 3))
    picture = cells.resize((640, 480), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 300, 240, 420), fill=(20, 90, 200))
    return picture


@pytest.mark.parametrize("quality", [95, 85, 70, 50])
def test_an_encoding_changes_few_bits(quality: int) -> None:
    out = io.BytesIO()
    scene().save(out, "JPEG", quality=quality)
    assert distance(likeness_of(scene()), likeness_of(Image.open(out).convert("RGB"))) <= 4


@pytest.mark.parametrize("size", [(1920, 1440), (480, 360), (320, 240), (101, 76), (64, 48)])
def test_a_size_changes_few_bits(size: tuple[int, int]) -> None:
    resized = scene().resize(size, Image.Resampling.LANCZOS)
    assert distance(likeness_of(scene()), likeness_of(resized)) <= 4


def test_a_small_change_of_the_scene_shows_in_the_detail_and_a_copy_hardly_does() -> None:
    changed = scene()
    ImageDraw.Draw(changed).rectangle((300, 60, 560, 380), fill=(250, 250, 240))
    copy = scene().resize((320, 240), Image.Resampling.LANCZOS)
    detail = looks_of(scene())[1]
    assert distance(detail, looks_of(copy)[1]) < MOST_DETAIL_DIFFERING
    assert distance(detail, looks_of(changed)[1]) > MOST_DETAIL_DIFFERING


def test_another_picture_differs_in_many() -> None:
    assert distance(likeness_of(scene()), likeness_of(scene(1))) > 30


@pytest.mark.parametrize("mode", ["L", "RGBA", "CMYK"])
def test_modes_look_alike(mode: str) -> None:
    grey = scene().convert("L").convert("RGB")
    assert distance(likeness_of(grey), likeness_of(grey.convert(mode))) <= 2


def test_what_is_transparent_counts_as_white_whatever_colour_it_has() -> None:
    shown = scene()
    hidden = shown.copy()
    hidden.paste((0, 0, 0), (0, 0, 320, 480))
    shown.paste((255, 255, 255), (0, 0, 320, 480))
    alpha = Image.new("L", hidden.size, 255)
    alpha.paste(0, (0, 0, 320, 480))
    hidden.putalpha(alpha)
    assert distance(likeness_of(shown), likeness_of(hidden)) <= 2


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (2000, 51), (51, 2000)])
def test_every_shape_has_one(size: tuple[int, int]) -> None:
    assert likeness_of(Image.new("RGB", size, (200, 10, 10))) == 0
