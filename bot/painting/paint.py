"""The pictures Easel makes itself, without a cloud: painted from words, or a photo restyled."""

import io
import random
from collections.abc import Mapping
from types import MappingProxyType

from PIL import Image

from bot.imaging.pixels.colour import in_srgb
from bot.imaging.pixels.decode import decode
from bot.painting.scenery.canvas import Canvas, mix
from bot.painting.scenery.figures import IN_THE_AIR, figure
from bot.painting.scenery.heavens import sky, weather
from bot.painting.scenery.places import PLACES
from bot.painting.scenery.styles import STYLES
from bot.painting.scenery.words import Colour, Scene, scene_of

LOCAL_STYLES: Mapping[str, str] = MappingProxyType(
    {name: said for name, (said, _) in STYLES.items()}
)

_QUALITY = 92
_ACCENT: Colour = (206, 64, 58)


def paint(prompt: str, size: tuple[int, int], *, seed: int, style: str | None = None) -> bytes:
    """Return a JPEG of `size` (width, height); the same arguments give the same bytes.

    The prompt's English words choose place, hour, weather and figures. An unknown style is none.
    """
    chance = random.Random(f"{prompt}\0{seed}")  # noqa: S311 - art, not secrets
    scene = scene_of(prompt, chance)
    canvas = Canvas(size, chance)
    sky(canvas, scene)
    PLACES[scene.place](canvas, scene)
    weather(canvas, scene)
    for number, name in enumerate(scene.figures[:3]):
        _put(canvas, scene, name, number)
    canvas.vignette(0.5)
    canvas.grain(0.09)
    if style is not None and style in STYLES:
        return _jpeg(STYLES[style][1](canvas.picture, chance))
    return _jpeg(canvas.picture)


def restyle(
    picture: bytes, *, prompt: str, strength: float = 0.7, style: str | None = None, seed: int = 0
) -> bytes:
    """Return a JPEG of the picture's size, the further from it the nearer `strength` (0-1) is to 1.

    Without a known style the prompt names one, or chance chooses. Raises what `decode` raises.
    """
    chance = random.Random(f"{prompt}\0{seed}")  # noqa: S311 - art, not secrets
    before = in_srgb(decode(picture))
    wanted = f"{style} {prompt}".lower()
    named = next((name for name in STYLES if name in wanted), None)
    after = STYLES[named or chance.choice(list(STYLES))][1](before, chance)
    return _jpeg(Image.blend(before, after, max(0.0, min(1.0, strength))))


def _put(canvas: Canvas, scene: Scene, name: str, number: int) -> None:
    """Place a figure: flying ones in the sky, others on the ground, beside each other."""
    flying = name in IN_THE_AIR
    side = round(canvas.unit * (0.26 if flying else 0.34) * (0.8 if number else 1.0))
    x = canvas.width * ((0.62, 0.30, 0.80)[number] + canvas.chance.uniform(-0.05, 0.05)) - side / 2
    foot = canvas.height * ((0.42 if flying else 0.95) - (0.12 if name in {"boat", "whale"} else 0))
    light = mix(scene.hour.light, (255, 255, 255), 0.2)
    shape = figure(
        name, side, mix(scene.hour.near, (12, 12, 20), 0.45), light, scene.tint or _ACCENT
    )
    canvas.picture.paste(shape, (round(x), round(foot - side)), shape)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
