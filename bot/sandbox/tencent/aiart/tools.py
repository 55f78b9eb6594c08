"""How the picture tools draw: larger, wider, from a sketch, as a portrait; all visibly."""

import math
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from bot.sandbox.tencent.account import Artist
from bot.sandbox.tencent.aiart.sizes import Size, scaled
from bot.sandbox.tencent.results import draft

REFINED_LONGEST = 2048  # px (aiart API, 2026-04)
SKETCHED: Final = (1024, 1024)  # (aiart API, 2026-04)
_AVATAR_SIDE = 1024  # the documents name no size
_DRAFT_SIDE = 768
_PETALS = 16

Ornament = Callable[[ImageDraw.ImageDraw, int], None]


def refined_size(given: Size) -> Size:
    """Give the size of a refined picture: its long side is always the same."""
    return scaled(given, REFINED_LONGEST / max(given))


def refined(picture: bytes) -> bytes:
    """Enlarge a picture and sharpen it."""
    upright = _upright(picture)
    large = upright.resize(refined_size(upright.size), Image.Resampling.LANCZOS)
    return _encoded(large.filter(ImageFilter.UnsharpMask(radius=3, percent=160, threshold=2)))


def extended_size(given: Size, ratio: Size) -> Size:
    """Give the smallest size of a ratio (width, height) that holds the whole picture."""
    width, height = given
    if width * ratio[1] < height * ratio[0]:
        return round(height * ratio[0] / ratio[1]), height
    return width, round(width * ratio[1] / ratio[0])


def extended(artist: Artist, picture: bytes, size: Size, *, seed: int) -> bytes:
    """Paint surroundings for a picture, out to `size`; the picture itself stays as it is."""
    upright = _upright(picture)
    around = ImageOps.fit(_mirrored(upright, size), scaled(size, min(1.0, _DRAFT_SIDE / max(size))))
    painted = _opened(
        artist.restyle(
            _encoded(around), prompt="its surroundings", strength=0.6, style="oil", seed=seed
        )
    )
    whole = painted.resize(size, Image.Resampling.LANCZOS)
    corner = ((size[0] - upright.width) // 2, (size[1] - upright.height) // 2)
    whole.paste(upright, corner, _soft_edges(upright.size, corner))
    return _encoded(whole)


def sketched(artist: Artist, picture: bytes, prompt: str, *, seed: int) -> bytes:
    """Paint the prompt and lay the sketch's lines over it."""
    scene = _opened(artist.paint(prompt, SKETCHED, seed=seed)).resize(SKETCHED)
    lines = ImageOps.pad(ImageOps.grayscale(_upright(picture)), SKETCHED, color=255)
    ink = ImageOps.autocontrast(lines, cutoff=2).convert("RGB")
    return _encoded(ImageChops.multiply(scene, ink))


def portrayed(artist: Artist, picture: bytes, style: str, ornament: str, *, seed: int) -> bytes:
    """Restyle the middle of a picture and set it into a round frame."""
    upright = _upright(picture)
    side = min(_AVATAR_SIDE, *upright.size)
    square = ImageOps.fit(upright, (side, side), centering=(0.5, 0.35))
    face = _opened(
        artist.restyle(draft([_encoded(square)]), prompt="", strength=0.8, style=style, seed=seed)
    ).resize((side, side))
    framed = Image.new("RGB", (side, side), "ivory")
    frame = ImageDraw.Draw(framed)
    _ORNAMENTS[ornament](frame, side)
    inset = side // 8
    hole = Image.new("L", (side, side))
    ImageDraw.Draw(hole).ellipse((inset, inset, side - inset, side - inset), fill=255)
    framed.paste(face, (0, 0), hole)
    return _encoded(framed)


def _mirrored(picture: Image.Image, size: Size) -> Image.Image:
    """Continue a picture beyond its edges by its mirror images."""
    whole = Image.new("RGB", size)
    left, top = (size[0] - picture.width) // 2, (size[1] - picture.height) // 2
    columns = range(-math.ceil(left / picture.width), math.ceil(left / picture.width) + 2)
    rows = range(-math.ceil(top / picture.height), math.ceil(top / picture.height) + 2)
    for column in columns:
        for row in rows:
            tile = ImageOps.mirror(picture) if column % 2 else picture
            tile = ImageOps.flip(tile) if row % 2 else tile
            whole.paste(tile, (left + column * picture.width, top + row * picture.height))
    return whole.filter(ImageFilter.GaussianBlur(min(size) / 16))


def _soft_edges(size: Size, corner: Size) -> Image.Image:
    """Give a mask that fades towards the edges behind which something was added."""
    fade = max(1, min(size) // 24)
    solid = Image.new("L", size)
    across, down = (fade if corner[0] else 0), (fade if corner[1] else 0)
    solid.paste(255, (across, down, size[0] - across, size[1] - down))
    return solid.filter(ImageFilter.BoxBlur(fade // 2)) if across or down else solid


def _ring(frame: ImageDraw.ImageDraw, side: int, *, colour: str, petal: float) -> None:
    """Draw petals, or drops, around the middle."""
    middle, reach, size = side / 2, side * 0.41, side * petal
    for number in range(_PETALS):
        angle = 2 * math.pi * number / _PETALS
        x, y = middle + reach * math.cos(angle), middle + reach * math.sin(angle)
        frame.ellipse((x - size, y - size, x + size, y + size), fill=colour, outline="white")


_ORNAMENTS: Final[dict[str, Ornament]] = {
    "flower": partial(_ring, colour="palevioletred", petal=0.08),
    "water": partial(_ring, colour="steelblue", petal=0.05),
    "pet": partial(_ring, colour="tan", petal=0.03),
}


def _upright(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as opened:
        return ImageOps.exif_transpose(opened).convert("RGB")


def _opened(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as opened:
        return opened.convert("RGB")


def _encoded(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=95)
    return out.getvalue()
