"""The local painter's places: each lays its ground over a sky that is painted already."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from PIL import Image, ImageDraw, ImageFilter

from bot.painting.scenery.canvas import Canvas, Point, mix
from bot.painting.scenery.heavens import space
from bot.painting.scenery.words import Colour, Scene

_WHITE: Colour = (255, 255, 255)
_MASTS = 0.25  # of the towers


def mountains(canvas: Canvas, scene: Scene) -> None:
    """Ranges behind each other, the farther the paler."""
    hour = scene.hour
    for depth in range(5):
        share = depth / 4
        colour = mix(mix(hour.far, hour.sky[-1], 0.35), hour.near, share**1.2)
        outline = canvas.ridge(0.56 + 0.09 * depth, 0.17 - 0.022 * depth, 1.1 + 0.4 * depth, 0.52)
        top = mix(colour, _WHITE, 0.55 if scene.weather == "snow" else 0.06)
        canvas.layer(outline, top, mix(colour, hour.sky[-1], 0.35 * (1 - share)))
        canvas.haze(hour.sky[-1], 0.66 + 0.08 * depth, 0.07, 0.30 * (1 - share))


def sea(canvas: Canvas, scene: Scene) -> None:
    """Water that mirrors the sky, with a far coast and glitter under the light."""
    hour, horizon = scene.hour, round(0.58 * canvas.height)
    canvas.layer(canvas.ridge(0.565, 0.035, 1.3, 0.45), mix(hour.far, hour.near, 0.25), hour.far)
    depth = canvas.height - horizon
    above = canvas.picture.crop((0, max(0, horizon - depth), canvas.width, horizon))
    mirror = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((canvas.width, depth))
    mirror = mirror.filter(ImageFilter.BoxBlur((canvas.unit // 40, canvas.unit // 200)))
    deep = Image.new("RGB", mirror.size, mix(hour.sky[0], hour.near, 0.45))
    fading = Image.linear_gradient("L").resize(mirror.size).point(lambda value: 60 + value // 2)
    canvas.picture.paste(Image.composite(deep, mirror, fading), (0, horizon))
    _ripples(canvas, mix(hour.light, hour.sky[-1], 0.5), horizon)


def _ripples(canvas: Canvas, colour: Colour, horizon: int) -> None:
    def ripple(pen: ImageDraw.ImageDraw, at: Point) -> None:
        near = (at[1] - horizon) / (canvas.height - horizon)
        length = canvas.unit * (0.012 + 0.07 * near) * canvas.chance.uniform(0.4, 1.6)
        thick = max(1, round(canvas.unit * 0.0045 * near))
        strength = canvas.chance.randrange(14, 70)
        box = (at[0] - length, at[1] - thick, at[0] + length, at[1] + thick)
        pen.ellipse(box, fill=(*colour, strength))

    canvas.scatter(420, ripple, horizon / canvas.height + 0.008, 1.0)


def city(canvas: Canvas, scene: Scene) -> None:
    """Three rows of towers; the windows are lit when the sky is dark."""
    hour = scene.hour
    for depth in range(3):
        colour = mix(mix(hour.far, hour.sky[-1], 0.3), hour.near, (depth + 1) / 3)
        _towers(canvas, 0.66 + 0.12 * depth, 0.10 + 0.045 * depth, colour, scene)
        canvas.haze(
            mix(hour.sky[-1], hour.light, 0.3), 0.78 + 0.09 * depth, 0.12, 0.34 - 0.12 * depth
        )


def _towers(canvas: Canvas, base: float, width: float, colour: Colour, scene: Scene) -> None:
    pen, chance, x = ImageDraw.Draw(canvas.picture), canvas.chance, -0.02 * canvas.width
    lamp = mix((255, 214, 130), scene.tint or (255, 214, 130), 0.35)
    lit = 0.42 if scene.hour.stars else 0.2
    while x < canvas.width:
        wide = canvas.unit * width * chance.uniform(0.55, 1.15)
        top = canvas.height * base - canvas.unit * chance.triangular(0.04, 0.40, 0.14)
        pen.rectangle(
            (x, top, x + wide, canvas.height), fill=mix(colour, _WHITE, chance.uniform(0, 0.07))
        )
        if chance.random() < _MASTS:
            middle, mast = x + wide / 2, canvas.unit * 0.05
            pen.line(
                (middle, top - mast, middle, top), fill=colour, width=max(1, canvas.unit // 300)
            )
        _windows(canvas, (x, top), wide / 6, (lamp, colour), lit)
        x += wide + canvas.unit * chance.uniform(0, 0.012)


def _windows(
    canvas: Canvas, corner: Point, cell: float, shades: tuple[Colour, Colour], lit: float
) -> None:
    """Light the share `lit` of a tower's windows, `cell` pixels apart, between two shades."""
    pen, chance, cell = ImageDraw.Draw(canvas.picture), canvas.chance, max(3.0, cell)
    for row in range(int((canvas.height - corner[1]) / cell / 1.4)):
        for column in range(1, 5):
            if chance.random() < lit:
                x, y = corner[0] + (column + 0.15) * cell, corner[1] + (row * 1.4 + 0.8) * cell
                shade = mix(*shades, chance.uniform(0.05, 0.6))
                pen.rectangle((x, y, x + cell * 0.55, y + cell * 0.7), fill=shade)


def forest(canvas: Canvas, scene: Scene) -> None:
    """Rows of firs with mist between them."""
    hour = scene.hour
    for depth in range(4):
        share = depth / 3
        colour = mix(mix(hour.far, hour.sky[-1], 0.3), mix(hour.near, (16, 44, 34), 0.4), share)
        canvas.layer(_firs(canvas, 0.60 + 0.12 * depth, 0.10 + 0.055 * depth), colour, colour)
        canvas.haze(hour.sky[-1], 0.74 + 0.12 * depth, 0.11, 0.50 * (1 - share))


def _firs(canvas: Canvas, base: float, height: float) -> list[Point]:
    """Return the outline of a row of firs, `height` of the unit high."""
    outline, x = [], -0.05 * canvas.unit
    ground = canvas.ridge(base, 0.03, 1.5)
    while x < canvas.width:
        tall = canvas.unit * height * canvas.chance.uniform(0.6, 1.35)
        index = max(0, min(len(ground) - 1, int(x / canvas.width * len(ground))))
        foot, half, tiers = ground[index][1], tall * 0.2, 7
        left = [
            (
                x - half * (step / tiers) * edge,
                foot - tall * (1 - step / tiers) + lift * tall / tiers,
            )
            for step in range(1, tiers + 1)
            for edge, lift in ((1.0, 0.0), (0.55, 0.06))
        ]
        right = [(2 * x - px, py) for px, py in left]
        outline += [*reversed(left), (x, foot - tall), *right]
        x += tall * canvas.chance.uniform(0.22, 0.42)
    return outline


def desert(canvas: Canvas, scene: Scene) -> None:
    """Dunes with a bright crest."""
    hour, sand = scene.hour, scene.tint or (226, 164, 96)
    for depth in range(4):
        share = depth / 3
        colour = mix(mix(sand, hour.far, 0.55 * (1 - share)), hour.near, 0.12 + 0.35 * share)
        outline = canvas.ridge(0.60 + 0.11 * depth, 0.10, 0.7 + 0.25 * depth, 0.3)
        canvas.layer(outline, mix(colour, hour.light, 0.45), mix(colour, hour.near, 0.35))
        shade = [
            (x + canvas.unit * 0.05, y + canvas.unit * 0.05 * (1 + math.sin(x / canvas.unit * 5)))
            for x, y in outline
        ]
        canvas.layer(
            [(0.0, shade[0][1]), *shade[:-1], (float(canvas.width), shade[-1][1])],
            colour,
            mix(colour, hour.near, 0.3),
        )


def meadow(canvas: Canvas, scene: Scene) -> None:
    """Green hills and a field of flowers."""
    hour, green = scene.hour, (98, 158, 82)
    for depth in range(4):
        share = depth / 3
        colour = mix(
            mix(green, hour.far, 0.75 * (1 - share)), hour.near, 0.55 if hour.stars else 0.22
        )
        outline = canvas.ridge(0.60 + 0.085 * depth, 0.08, 0.9 + 0.3 * depth, 0.35)
        canvas.layer(outline, mix(colour, hour.light, 0.22), mix(colour, hour.near, 0.35 * share))
    petals = [scene.tint or (232, 92, 96), (250, 214, 92), (244, 238, 244), (190, 130, 214)]

    def flower(pen: ImageDraw.ImageDraw, at: Point) -> None:
        near = max(0.0, at[1] / canvas.height - 0.84) / 0.16
        radius = canvas.unit * (0.0022 + 0.0085 * near) * canvas.chance.uniform(0.7, 1.3)
        colour = mix(canvas.chance.choice(petals), hour.near, 0.5 if hour.stars else 0.12)
        stem = mix(green, hour.near, 0.6)
        pen.line((*at, at[0], at[1] + radius * 4), fill=stem, width=max(1, round(radius / 3)))
        pen.ellipse(
            (at[0] - radius, at[1] - radius * 0.8, at[0] + radius, at[1] + radius * 0.8),
            fill=colour,
        )

    canvas.scatter(420, flower, 0.865, 1.0)


def abstract(canvas: Canvas, scene: Scene) -> None:
    """Flowing bands of one family of colours."""
    hour = scene.hour
    colours = [*hour.sky, scene.tint or hour.far, hour.near]
    canvas.chance.shuffle(colours)
    for depth in range(9):
        colour = mix(
            colours[depth % len(colours)],
            colours[(depth + 1) % len(colours)],
            canvas.chance.random(),
        )
        outline = canvas.ridge(0.12 + 0.105 * depth, 0.34, canvas.chance.uniform(0.4, 1.1), 0.28)
        canvas.layer(outline, mix(colour, hour.light, 0.28), mix(colour, hour.near, 0.25))
    for _ in range(5):
        centre = (canvas.chance.uniform(0, canvas.width), canvas.chance.uniform(0, canvas.height))
        canvas.glow(centre, canvas.unit * canvas.chance.uniform(0.1, 0.4), hour.light, 0.5)


PLACES: Mapping[str, Callable[[Canvas, Scene], None]] = MappingProxyType(
    {
        "mountains": mountains,
        "sea": sea,
        "city": city,
        "forest": forest,
        "desert": desert,
        "meadow": meadow,
        "space": space,
        "abstract": abstract,
    }
)
