"""The local painter's tools: skies, glows, clouds, ridges and grain, in nothing but Pillow."""

import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.painting.scenery.words import Colour

Point = tuple[float, float]
_SHARP = 2  # masks are drawn this much larger, then reduced, for smooth edges
_GRAIN_SIDE = 256


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return `one` with `share` (0 to 1) of `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def gradient(size: tuple[int, int], colours: Sequence[Colour]) -> Image.Image:
    """Return a vertical gradient through `colours`, from the top down."""
    strip = Image.new("RGB", (1, len(colours)))
    for row, colour in enumerate(colours):
        strip.putpixel((0, row), colour)
    return strip.resize(size, Image.Resampling.BICUBIC)


class Canvas:
    """A picture being painted; lengths are in pixels, `unit` is the shorter side."""

    def __init__(self, size: tuple[int, int], chance: random.Random) -> None:
        self.picture = Image.new("RGB", size)
        self.width, self.height = size
        self.unit = min(size)
        self.chance = chance

    def fill(self, colours: Sequence[Colour], top: float = 0.0, bottom: float = 1.0) -> None:
        """Fill the band from `top` to `bottom` (shares of the height) with a gradient."""
        start, end = round(top * self.height), round(bottom * self.height)
        band = (self.width, max(1, end - start))
        self.picture.paste(gradient(band, colours), (0, start))

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float) -> None:
        """Lay light around `centre`, fading to nothing at `radius`."""
        side = max(2, round(2 * radius))
        fading = Image.radial_gradient("L").point(
            lambda value: int(255 * strength * max(0.0, 1 - value / 180) ** 2)
        )
        corner = (round(centre[0] - radius), round(centre[1] - radius))
        self.picture.paste(colour, self._box(corner, side), fading.resize((side, side)))

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """Draw a smooth-edged disc."""
        side = max(2, round(2 * radius))
        mask = Image.new("L", (side * 4, side * 4))
        ImageDraw.Draw(mask).ellipse((0, 0, side * 4 - 1, side * 4 - 1), fill=255)
        corner = (round(centre[0] - radius), round(centre[1] - radius))
        self.picture.paste(colour, self._box(corner, side), mask.reduce(4))

    def layer(self, outline: Sequence[Point], top: Colour, bottom: Colour) -> None:
        """Fill everything below `outline` (left to right) with a gradient."""
        first = max(0, math.floor(min(y for _, y in outline)))
        if first >= self.height:
            return
        size = (self.width, self.height - first)
        corners = [(x * _SHARP, (y - first) * _SHARP) for x, y in outline]
        end = size[1] * _SHARP
        mask = Image.new("L", (size[0] * _SHARP, end))
        ImageDraw.Draw(mask).polygon([(0, end), *corners, (size[0] * _SHARP, end)], fill=255)
        self.picture.paste(gradient(size, (top, bottom)), (0, first), mask.reduce(_SHARP))

    def ridge(self, base: float, height: float, waves: float, rough: float = 0.5) -> list[Point]:
        """Return a hilly outline around `base` (share of the height), `height` of the unit high.

        `waves` is how many large swells fit the width, `rough` how much the small ones weigh.
        """
        swells = [
            (waves * 2.03**octave, rough**octave, self.chance.uniform(0, math.tau))
            for octave in range(6)
        ]
        step = max(2, self.width // 256)
        outline = []
        for x in (*range(0, self.width, step), self.width):
            at = x / self.width * math.tau
            swell = sum(weight * math.sin(at * wave + phase) for wave, weight, phase in swells)
            outline.append((float(x), base * self.height - swell * height * self.unit / 2))
        return outline

    def noise(self, size: tuple[int, int], coarse: int, octaves: int) -> Image.Image:
        """Return soft random grey of mean 128; `coarse` is the first octave's number of cells."""
        result = Image.new("L", size, 128)
        for octave in range(octaves):
            cells = coarse * 2**octave
            rows = max(2, cells * size[1] // size[0])
            grid = Image.frombytes("L", (cells, rows), self.chance.randbytes(cells * rows))
            result = Image.blend(
                result, grid.resize(size, Image.Resampling.BICUBIC), 0.5**octave * 0.9
            )
        return result

    def clouds(self, colour: Colour, cover: float, bottom: float) -> None:
        """Spread clouds over the sky down to `bottom`; `cover` from 0 to 1."""
        size = (self.width, round(bottom * self.height))
        small = (max(8, size[0] // 4), max(8, size[1] // 4))
        least = 200 - 120 * cover
        billows = self.noise((small[0], small[1] * 4), 4, 5).resize(small)
        billows = billows.point(lambda value: max(0, min(255, (value - least) * 3)))
        fading = Image.linear_gradient("L").resize(small)
        fading = fading.point(lambda value: int(235 * math.sin(math.pi * value / 255) ** 0.7))
        mask = ImageChops.multiply(billows, fading).resize(size, Image.Resampling.BICUBIC)
        self.picture.paste(colour, (0, 0, *size), mask)

    def haze(self, colour: Colour, level: float, depth: float, strength: float) -> None:
        """Lay mist around `level`, `depth` deep on both sides (shares of the height)."""
        rows = max(2, round(2 * depth * self.height))
        half = [int(255 * strength * math.sin(math.pi * row / 63) ** 2) for row in range(64)]
        mask = Image.frombytes("L", (1, 64), bytes(half)).resize((self.width, rows))
        top = round((level - depth) * self.height)
        self.picture.paste(colour, (0, top, self.width, top + rows), mask)

    def scatter(
        self,
        count: int,
        draw: Callable[[ImageDraw.ImageDraw, Point], None],
        top: float,
        bottom: float,
    ) -> None:
        """Call `draw` for `count` random points between `top` and `bottom`, the higher first."""
        pen = ImageDraw.Draw(self.picture, "RGBA")
        rows = sorted(self.chance.uniform(top, bottom) for _ in range(count))
        for row in rows:
            draw(pen, (self.chance.uniform(0, self.width), row * self.height))

    def grain(self, strength: float) -> None:
        """Give the surface a little tooth, which also hides the steps of gradients."""
        side = _GRAIN_SIDE
        tooth = Image.frombytes("L", (side, side), self.chance.randbytes(side * side))
        tooth = tooth.filter(ImageFilter.GaussianBlur(0.6)).point(
            lambda value: 128 + (value - 128) * strength
        )
        sheet = Image.new("L", self.picture.size)
        for x in range(0, self.width, side):
            for y in range(0, self.height, side):
                sheet.paste(tooth, (x, y))
        grey = Image.merge("RGB", (sheet, sheet, sheet))
        self.picture = ImageChops.add(self.picture, grey, offset=-128)

    def vignette(self, strength: float) -> None:
        """Darken the corners."""
        mask = Image.radial_gradient("L").point(
            lambda value: int(255 * strength * max(0.0, value / 255 - 0.35) ** 2)
        )
        self.picture.paste((0, 0, 0), (0, 0), mask.resize(self.picture.size))

    @staticmethod
    def _box(corner: tuple[int, int], side: int) -> tuple[int, int, int, int]:
        return (*corner, corner[0] + side, corner[1] + side)
