"""The local painter's styles: each turns an RGB picture into another of the same size."""

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from bot.painting.scenery.canvas import Canvas
from bot.painting.scenery.words import Colour

_PAPER: Colour = (251, 248, 240)
_POSTER_LINE = 110  # darker edges than this are drawn, lighter ones left out

Style = Callable[[Image.Image, random.Random], Image.Image]


def _brushed(picture: Image.Image, strokes: int) -> Image.Image:
    """Run neighbouring colours together as a brush does; `strokes` of them fit the short side."""
    small = picture.copy()
    small.thumbnail((strokes * 6, strokes * 6), Image.Resampling.BOX)
    daubs = small.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.ModeFilter(7))
    return daubs.resize(picture.size, Image.Resampling.BICUBIC)


def _edges(picture: Image.Image, gain: float) -> Image.Image:
    """Return dark lines on white, where the picture changes."""
    short = min(picture.size)
    grey = ImageOps.grayscale(picture).filter(ImageFilter.GaussianBlur(short / 260))
    found = ImageChops.difference(grey, grey.filter(ImageFilter.GaussianBlur(short / 90)))
    return ImageOps.invert(found.point(lambda value: min(255, int(max(0, value - 4) * gain))))


def _threefold(grey: Image.Image) -> Image.Image:
    return Image.merge("RGB", (grey, grey, grey))


def _bare_border(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Let the paper show at the edges, where the brush did not reach."""
    width, height = picture.size
    inset = min(width, height) // 24
    reach = Image.new("L", picture.size)
    reach.paste(255, (inset, inset, width - inset, height - inset))
    reach = reach.filter(ImageFilter.BoxBlur(inset))
    ragged = Canvas(picture.size, chance).noise(picture.size, 14, 4)
    reached = ImageChops.add(reach, ragged, offset=-128).point(
        lambda value: max(0, min(255, (value - 110) * 9))
    )
    return Image.composite(picture, Image.new("RGB", picture.size, _PAPER), reached)


def _on_paper(picture: Image.Image, chance: random.Random, strength: float) -> Image.Image:
    canvas = Canvas(picture.size, chance)
    canvas.picture = picture
    canvas.grain(strength)
    return canvas.picture


def _watercolour(picture: Image.Image, chance: random.Random) -> Image.Image:
    paint = ImageEnhance.Color(_brushed(picture, 46)).enhance(1.5)
    paint = ImageChops.screen(paint, Image.new("RGB", paint.size, (44, 44, 40)))
    pools = Canvas(picture.size, chance).noise(picture.size, 5, 5)
    pools = pools.point(lambda value: 190 + value // 3)
    lines = _edges(picture, 7).point(lambda value: 120 + value * 135 // 255)
    drawn = ImageChops.multiply(ImageChops.multiply(paint, _threefold(pools)), _threefold(lines))
    return _on_paper(_bare_border(drawn, chance), chance, 0.07)


def _ink(picture: Image.Image, chance: random.Random) -> Image.Image:
    wash = ImageOps.posterize(ImageOps.autocontrast(ImageOps.grayscale(_brushed(picture, 60))), 2)
    wash = wash.filter(ImageFilter.GaussianBlur(min(picture.size) / 300))
    wash = wash.point(lambda value: 120 + value * 2 // 3)
    drawn = ImageChops.multiply(wash, _edges(picture, 14))
    return _on_paper(ImageOps.colorize(drawn, (22, 24, 34), _PAPER), chance, 0.06)


def _pastel(picture: Image.Image, chance: random.Random) -> Image.Image:
    soft = ImageEnhance.Color(_brushed(picture, 56)).enhance(1.2)
    chalk = ImageChops.screen(soft, Image.new("RGB", soft.size, (86, 72, 86)))
    return _on_paper(chalk, chance, 0.2)


def _poster(picture: Image.Image, _chance: random.Random) -> Image.Image:
    bold = ImageEnhance.Color(ImageOps.autocontrast(_brushed(picture, 60), 1)).enhance(1.6)
    few = bold.quantize(9, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    lines = _edges(picture, 9).point(lambda value: 0 if value < _POSTER_LINE else 255)
    lines = lines.filter(ImageFilter.GaussianBlur(min(picture.size) / 600))
    return ImageChops.multiply(few, _threefold(lines))


def _sketch(picture: Image.Image, chance: random.Random) -> Image.Image:
    grey = ImageOps.grayscale(picture)
    veil = ImageOps.invert(grey).filter(ImageFilter.GaussianBlur(min(picture.size) / 40))
    dodged = ImageChops.add(grey, veil).point(lambda value: max(0, value * 3 - 510))
    shadow = ImageOps.autocontrast(grey).point(lambda value: 165 + value * 90 // 255)
    drawn = ImageChops.multiply(ImageChops.multiply(dodged, _edges(picture, 9)), shadow)
    return _on_paper(ImageOps.colorize(drawn, (48, 46, 50), _PAPER), chance, 0.1)


def _night(picture: Image.Image, chance: random.Random) -> Image.Image:
    grey = ImageOps.autocontrast(ImageOps.grayscale(_brushed(picture, 90)), 1)
    moonlit = ImageOps.colorize(grey, (4, 6, 22), (196, 214, 246), (38, 62, 122))
    canvas = Canvas(picture.size, chance)
    canvas.picture = Image.blend(moonlit, ImageEnhance.Brightness(picture).enhance(0.4), 0.3)
    canvas.vignette(1.6)
    return canvas.picture


def _oil(picture: Image.Image, chance: random.Random) -> Image.Image:
    paint = ImageEnhance.Color(_brushed(picture, 44)).enhance(1.4)
    strokes = Canvas(picture.size, chance).noise(picture.size, 70, 2).filter(ImageFilter.EMBOSS)
    body = ImageOps.grayscale(paint).filter(ImageFilter.EMBOSS)
    relief = ImageChops.add(strokes, body, 2).point(lambda value: 128 + (value - 128) * 0.9)
    return ImageChops.overlay(paint, _threefold(relief))


def _sepia(picture: Image.Image, chance: random.Random) -> Image.Image:
    grey = ImageOps.autocontrast(ImageOps.grayscale(picture), 1)
    canvas = Canvas(picture.size, chance)
    canvas.picture = ImageOps.colorize(grey, (36, 22, 14), (250, 236, 206), (150, 112, 76))
    canvas.vignette(1.3)
    canvas.grain(0.1)
    return canvas.picture


STYLES: Mapping[str, tuple[str, Style]] = MappingProxyType(
    {
        "watercolour": ("Watercolour", _watercolour),
        "ink": ("Ink drawing", _ink),
        "pastel": ("Pastel", _pastel),
        "poster": ("Poster", _poster),
        "sketch": ("Pencil sketch", _sketch),
        "night": ("Night", _night),
        "oil": ("Oil painting", _oil),
        "sepia": ("Old photograph", _sepia),
    }
)
