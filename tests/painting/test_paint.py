"""The local painter is deterministic, minds its words, and restyles by as much as it is told."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.painting.paint import LOCAL_STYLES, paint, restyle
from tests.imaging import corpus

CAT = Path(__file__).parents[2] / "bot" / "sandbox" / "photos" / "cat.jpg"
PLACES = ("sea", "city", "forest", "desert", "meadow", "space", "mountain", "abstract")
FIGURES = ("cat", "rabbit", "boat", "balloon", "lighthouse", "house", "whale", "bird", "rocket")


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture


def distance(one: bytes, other: bytes) -> float:
    """Return the mean difference of two pictures' channels, 0 to 255."""
    difference = ImageChops.difference(opened(one), opened(other))
    return sum(ImageStat.Stat(difference).mean) / 3


@pytest.mark.parametrize("size", [(64, 64), (300, 200), (200, 300), (1024, 96), (51, 400)])
def test_a_painting_has_the_size_asked_for(size: tuple[int, int]) -> None:
    for prompt in (*PLACES, "snow", "rain", "fog", *FIGURES, "", "你好"):
        picture = opened(paint(prompt, size, seed=1))
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", size)


def test_the_same_wish_gives_the_same_bytes() -> None:
    first, again = (paint("a city at night", (128, 96), seed=4, style="ink") for _ in range(2))
    assert first == again


@pytest.mark.parametrize(
    "other",
    [
        {"prompt": "a quiet sea at dusk, again"},
        {"seed": 2},
        {"style": "poster"},
    ],
)
def test_prompt_seed_and_style_each_make_a_difference(other: dict[str, object]) -> None:
    wish: dict[str, object] = {"prompt": "a quiet sea at dusk", "seed": 1, "style": None}
    options = (wish, wish | other)
    one, two = (paint(size=(128, 128), **each) for each in options)  # type: ignore[arg-type]
    assert distance(one, two) > 1


def test_night_is_darker_than_day_and_red_is_redder_than_blue() -> None:
    def mean(prompt: str) -> list[float]:
        return ImageStat.Stat(opened(paint(prompt, (96, 96), seed=3))).mean

    assert sum(mean("mountains at night")) < sum(mean("mountains at noon")) / 2
    red, blue = mean("red mountains at noon"), mean("blue mountains at noon")
    assert red[0] - red[2] > blue[0] - blue[2] + 20


def test_a_cat_is_painted_where_one_is_asked_for() -> None:
    one, two = (
        paint(f"a {animal} in a meadow at noon", (256, 256), seed=9) for animal in ("cat", "cow")
    )
    assert distance(one, two) > 2


@pytest.mark.parametrize("style", LOCAL_STYLES)
def test_restyling_goes_further_the_stronger_it_is(style: str) -> None:
    before = CAT.read_bytes()
    steps = [
        distance(before, restyle(before, prompt="", strength=strength, style=style))
        for strength in (0.0, 0.05, 0.3, 0.6, 1.0)
    ]
    assert steps == sorted(steps)
    assert steps[1] < 6
    assert steps[-1] > 10


def test_every_style_looks_different() -> None:
    before = corpus.saved("JPEG", size=(200, 150))
    after = {restyle(before, prompt="", strength=1, style=style) for style in LOCAL_STYLES}
    assert len(after) == len(LOCAL_STYLES) >= 6


def test_a_prompt_may_name_the_style() -> None:
    before = corpus.saved("JPEG")
    named = restyle(before, prompt="as a watercolour, please", strength=1)
    assert named == restyle(
        before, prompt="as a watercolour, please", strength=1, style="watercolour"
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_restyled_picture_keeps_its_size(kind: str) -> None:
    assert opened(restyle(corpus.saved(kind), prompt="", style="oil")).size == corpus.SIZE
