"""The local painter's skies: sun, moon, stars, weather, and the space beyond."""

from PIL import Image, ImageDraw

from bot.painting.scenery.canvas import Canvas, Point, mix
from bot.painting.scenery.words import Colour, Scene

_WHITE: Colour = (255, 255, 255)
_CLOUDY = 0.55
_STORM: Colour = (70, 80, 96)


def sky(canvas: Canvas, scene: Scene) -> None:
    """Paint the sky of the hour, its sun or moon, and clouds."""
    hour = scene.hour
    colours = [mix(colour, scene.tint, 0.28) for colour in hour.sky] if scene.tint else hour.sky
    canvas.fill(colours, 0.0, 0.72)
    canvas.fill((colours[-1], colours[-1]), 0.70, 1.0)
    if hour.stars:
        stars(canvas, 0.6, 260)
    light = (canvas.width * canvas.chance.uniform(0.22, 0.78), canvas.height * hour.light_height)
    canvas.glow(light, canvas.unit * 0.75, hour.light, 0.4 if hour.stars else 0.75)
    canvas.disc(light, canvas.unit * (0.052 if hour.stars else 0.06), hour.light)
    canvas.clouds(mix(colours[-1], hour.light, 0.5), canvas.chance.uniform(0.25, _CLOUDY), 0.6)


def weather(canvas: Canvas, scene: Scene) -> None:
    """Let it snow or rain, or lay fog over everything."""
    if scene.weather == "fog":
        for level in (0.5, 0.68, 0.86):
            canvas.haze(mix(scene.hour.sky[-1], _WHITE, 0.25), level, 0.16, 0.6)
    elif scene.weather == "snow":
        _falling(canvas, 340, (0.0, 0.0), 220)
    elif scene.weather == "rain":
        canvas.picture = Image.blend(
            canvas.picture, Image.new("RGB", canvas.picture.size, _STORM), 0.35
        )
        _falling(canvas, 460, (-0.012, 0.05), 90)


def _falling(canvas: Canvas, count: int, fall: tuple[float, float], strength: int) -> None:
    """Scatter flakes, or streaks where `fall` (shares of the unit) has a length."""

    def drop(pen: ImageDraw.ImageDraw, at: Point) -> None:
        radius = canvas.unit * 0.0045 * canvas.chance.uniform(0.2, 1.0) ** 2 + 0.4
        if fall[1]:
            end = (at[0] + fall[0] * canvas.unit, at[1] + fall[1] * canvas.unit)
            pen.line((*at, *end), fill=(225, 235, 245, strength), width=max(1, canvas.unit // 600))
            return
        box = (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)
        pen.ellipse(box, fill=(255, 255, 255, strength))

    canvas.scatter(count, drop, -0.05, 1.0)


def stars(canvas: Canvas, bottom: float, count: int) -> None:
    """Scatter stars down to `bottom`; a few are large."""

    def star(pen: ImageDraw.ImageDraw, at: Point) -> None:
        radius = canvas.unit * 0.0022 * canvas.chance.random() ** 3 + 0.5
        glow = canvas.chance.randrange(90, 255)
        pen.ellipse(
            (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius),
            fill=(255, 250, 235, glow),
        )

    canvas.scatter(count, star, 0.0, bottom)


def space(canvas: Canvas, scene: Scene) -> None:
    """Lay out a nebula, stars and a planet with a ring."""
    tint = scene.tint or canvas.chance.choice([(210, 70, 140), (60, 120, 220), (90, 190, 160)])
    canvas.fill(((6, 7, 22), (14, 14, 44), (8, 8, 26)))
    for colour, least in ((tint, 118), (mix(tint, (90, 60, 220), 0.7), 128)):
        small = (max(8, canvas.width // 4), max(8, canvas.height // 4))
        mist = canvas.noise(small, 3, 5).point(lambda value, least=least: max(0, value - least) * 2)
        canvas.picture.paste(
            colour, (0, 0), mist.resize(canvas.picture.size, Image.Resampling.BICUBIC)
        )
    stars(canvas, 1.0, 420)
    _planet(canvas, mix(tint, (250, 210, 160), 0.45))


def _planet(canvas: Canvas, colour: Colour) -> None:
    radius = canvas.unit * canvas.chance.uniform(0.17, 0.23)
    x = canvas.width * canvas.chance.uniform(0.3, 0.7)
    y = canvas.height * canvas.chance.uniform(0.4, 0.55)
    side = round(radius * 2)
    bands = canvas.noise((side, 64), 2, 4).resize((8, 64)).resize((side, side))
    ball = Image.composite(
        Image.new("RGB", (side, side), mix(colour, _WHITE, 0.35)),
        Image.new("RGB", (side, side), mix(colour, (30, 20, 60), 0.35)),
        bands,
    )
    lit = side * 3 // 4  # the light comes from the upper left
    shade = Image.radial_gradient("L").resize((side * 2, side * 2))
    shade = shade.crop((lit, lit, lit + side, lit + side))
    ball.paste((4, 4, 16), (0, 0), shade.point(lambda value: min(240, value * 3 // 2)))
    disc = Image.new("L", (side * 4, side * 4))
    ImageDraw.Draw(disc).ellipse((0, 0, side * 4 - 1, side * 4 - 1), fill=255)
    corner = (round(x - radius), round(y - radius))
    _ring(canvas, (x, y), radius, colour, (180, 360))
    canvas.picture.paste(ball, corner, disc.reduce(4))
    _ring(canvas, (x, y), radius, colour, (0, 180))


def _ring(
    canvas: Canvas, centre: Point, radius: float, colour: Colour, half: tuple[int, int]
) -> None:
    wide, high = round(radius * 4), round(radius * 1.1)
    sheet = Image.new("L", (wide * 2, high * 2))
    pen = ImageDraw.Draw(sheet)
    for inset, strength in ((0, 90), (round(wide * 0.045), 170), (round(wide * 0.10), 120)):
        box = (inset, inset * high / wide, wide * 2 - inset, (2 - inset / wide) * high)
        pen.arc(box, *half, fill=strength, width=max(2, round(wide * 0.07)))
    ring = sheet.reduce(2).rotate(14, expand=True, resample=Image.Resampling.BICUBIC)
    corner = (round(centre[0] - ring.width / 2), round(centre[1] - ring.height / 2))
    canvas.picture.paste(
        mix(colour, _WHITE, 0.5), (*corner, corner[0] + ring.width, corner[1] + ring.height), ring
    )
