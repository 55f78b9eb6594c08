"""PNGs are packed in the way that suits them, and never lose a pixel."""

import io
import random

import pytest
from PIL import Image, ImageDraw, ImageFilter

from bot.imaging.labels.png_effort import png_effort
from tests.imaging.labels.visible.pictures import checkerboard, noise

SIDE = 512


def photo() -> Image.Image:
    """Return a picture as detailed as a photo: light and shade, and grain."""
    shades = noise((8, 8)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    grain = noise((SIDE, SIDE)).filter(ImageFilter.GaussianBlur(1))
    return Image.blend(shades, grain, 0.2)


def drawing() -> Image.Image:
    chance = random.Random(5)  # noqa: S311 - a pattern, not a secret
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    pen = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y, side = (chance.randrange(SIDE) for _ in range(3))
        pen.ellipse((x, y, x + side // 4, y + side // 4), chance.choice(("red", "teal")), "black")
    return picture


def half_and_half() -> Image.Image:
    picture = photo()
    picture.paste("navy", (0, 0, SIDE, SIDE // 2))
    return picture


def packed(picture: Image.Image, **options: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", **options)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize(
    "picture",
    [photo(), drawing(), half_and_half(), noise((SIDE, SIDE)), checkerboard((SIDE, SIDE))],
    ids=["photo", "drawing", "half and half", "noise", "checkerboard"],
)
def test_a_file_is_at_most_a_tenth_larger_than_with_the_search(
    picture: Image.Image, mode: str
) -> None:
    picture = picture.convert(mode)
    data = packed(picture, **png_effort(picture))
    assert len(data) <= 1.1 * len(packed(picture, compress_level=3))
    with Image.open(io.BytesIO(data)) as again:
        assert again.convert(mode).tobytes() == picture.tobytes()


def test_a_photo_is_not_searched_for_repetitions_and_a_drawing_is() -> None:
    assert "compress_type" in png_effort(photo())
    assert "compress_type" not in png_effort(drawing())
    assert "compress_type" not in png_effort(half_and_half())


@pytest.mark.parametrize("size", [(1, 1), (300, 10), (10, 300), (1, 5000)])
def test_odd_shapes_are_packed_too(size: tuple[int, int]) -> None:
    assert packed(noise(size), **png_effort(noise(size)))
