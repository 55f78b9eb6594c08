"""Pictures of the kinds that people make, drawn by chance: what copies are told apart among."""

import io
import math
import random
from collections.abc import Callable, Mapping
from types import MappingProxyType

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from bot.painting.paint import LOCAL_STYLES, paint
from bot.painting.scenery.places import PLACES

Size = tuple[int, int]
_HOURS = ("at dawn", "at noon", "at dusk", "at night", "in fog", "in snow", "")
_FIGURES = ("a cat", "a dog", "a boat", "a bird", "a tree", "a house", "two people", "")
_SYLLABLES = ("la", "ro", "mi", "ten", "sa", "vor", "ul", "pe", "kin", "da", "sho", "el")


def painted(size: Size, chance: random.Random) -> Image.Image:
    """Return a scene as the local engine paints it."""
    words = (chance.choice(_FIGURES), chance.choice(list(PLACES)), chance.choice(_HOURS))
    style = chance.choice([None, *LOCAL_STYLES])
    data = paint(" ".join(words), size, seed=chance.randrange(1 << 30), style=style)
    return Image.open(io.BytesIO(data)).convert("RGB")


def photo_like(size: Size, chance: random.Random) -> Image.Image:
    """Return clouds of all sizes in three channels, as strong in each size as photos have them."""
    light = _clouds(size, chance)
    hues = [ImageChops.blend(light, _clouds(size, chance), 0.35) for _ in range(3)]
    picture = Image.merge("RGB", hues)
    draw = ImageDraw.Draw(picture, "RGBA")
    for _ in range(chance.randint(1, 5)):
        draw.ellipse(_box(size, chance), fill=_colour(chance, 170))
    return picture.filter(ImageFilter.GaussianBlur(min(size) / 400))


def flat(size: Size, chance: random.Random) -> Image.Image:
    """Return a poster: one ground, a few shapes of one colour each."""
    picture = Image.new("RGB", size, _colour(chance)[:3])
    draw = ImageDraw.Draw(picture)
    for _ in range(chance.randint(2, 8)):
        shape = chance.choice((draw.rectangle, draw.ellipse))
        shape(_box(size, chance), fill=_colour(chance)[:3])
    if chance.random() < 0.5:
        sky = Image.linear_gradient("L").resize(size)
        picture = Image.composite(picture, Image.new("RGB", size, _colour(chance)[:3]), sky)
    return picture


def text(size: Size, chance: random.Random) -> Image.Image:
    """Return a page of words with a heading, dark on light or light on dark."""
    paper, ink = ((250, 250, 246), (20, 20, 26))
    if chance.random() < 0.4:
        paper, ink = ink, paper
    picture = Image.new("RGB", size, paper)
    draw, unit = ImageDraw.Draw(picture), min(size) / 32
    y = unit * chance.uniform(1, 3)
    head = unit * chance.uniform(1.5, 3)
    draw.text((unit * 2, y), _words(chance, 3), fill=_colour(chance)[:3], font=_font(head))
    y += head * 2
    while y < size[1] - unit * 2:
        body = _font(unit * 0.8)
        draw.text((unit * 2, y), _words(chance, chance.randint(2, 14)), fill=ink, font=body)
        y += unit * chance.choice((1.2, 1.2, 1.2, 2.4))
    if chance.random() < 0.5:
        draw.rectangle(_box(size, chance), fill=_colour(chance)[:3])
    return picture


KINDS: Mapping[str, Callable[[Size, random.Random], Image.Image]] = MappingProxyType(
    {"painted": painted, "photo-like": photo_like, "flat": flat, "text": text}
)


def _clouds(size: Size, chance: random.Random) -> Image.Image:
    grown, cells = Image.new("L", size, 128), 2
    weight = 0.9
    while cells < min(size):
        noise = Image.frombytes("L", (cells, cells), chance.randbytes(cells * cells))
        layer = noise.resize(size, Image.Resampling.BICUBIC)
        grown = ImageChops.blend(grown, layer, weight / (1 + math.log2(cells)))
        cells *= 2
    return grown


def _box(size: Size, chance: random.Random) -> tuple[float, float, float, float]:
    width, height = size[0] * chance.uniform(0.1, 0.6), size[1] * chance.uniform(0.1, 0.6)
    left, top = chance.uniform(-0.1, 0.9) * size[0], chance.uniform(-0.1, 0.9) * size[1]
    return (left, top, left + width, top + height)


def _colour(chance: random.Random, alpha: int = 255) -> tuple[int, int, int, int]:
    return (chance.randrange(256), chance.randrange(256), chance.randrange(256), alpha)


def _words(chance: random.Random, count: int) -> str:
    words = ("".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(count))
    return " ".join(words)


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
