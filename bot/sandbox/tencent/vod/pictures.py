"""What a VOD task paints: new pictures, restyled ones, and pictures grown beyond their edges."""

import re
from io import BytesIO
from zlib import crc32

from PIL import Image, ImageFilter, ImageOps

from bot.sandbox.tencent.account import Artist
from bot.sandbox.tencent.inputs import upright_size
from bot.sandbox.tencent.results import Mark, draft, draft_size, finish
from bot.sandbox.tencent.rules import Params
from bot.sandbox.tencent.vod.extras import Size, expansion, extras
from bot.sandbox.tencent.vod.models import model_of

_STRENGTH = 0.7
_BLUR_PX = 24
_SAID_COUNT = re.compile(r"output (\d{1,2}) images", re.IGNORECASE)


def count_of(params: Params) -> int:
    """Give how many pictures a request asks for, by the parameter or, with SI, in its prompt."""
    if extras(params).get("sequential_image_generation") == "auto":
        said = _SAID_COUNT.search(params.get("Prompt", ""))
        return int(said[1]) if said else 1
    if model_of(params).pictures is None:
        return 1  # OutputImageCount has no effect on the other models
    count: int = params.get("OutputConfig", {}).get("OutputImageCount", 1)
    return count


def shape_of(sources: list[bytes]) -> Size | None:
    """Give the first reference picture's (width, height), None without one."""
    if not sources:
        return None
    with Image.open(BytesIO(sources[0])) as first:
        return upright_size(first)


def make(
    artist: Artist, params: Params, sources: list[bytes], size: Size, seeds: range
) -> list[bytes]:
    """Paint one encoded picture of `size` per seed."""
    return [_one(artist, params, sources, size, seed) for seed in seeds]


def first_seed(params: Params, task_id: str) -> int:
    """Give the seed asked for, or one that the task's id makes up."""
    seed: int = params.get("Seed", crc32(task_id.encode()))
    return seed


def _one(artist: Artist, params: Params, sources: list[bytes], size: Size, seed: int) -> bytes:
    output = params.get("OutputConfig", {})
    kind: str = output.get("OutputFormat", "png")
    mark = Mark() if output.get("LogoAdd") == "Enabled" else None
    prompt = params.get("Prompt", "")
    if params.get("SceneType") == "image_expand":
        raw = _grown(sources[0], params)
    elif sources:
        raw = artist.restyle(draft(sources), prompt=prompt, strength=_STRENGTH, seed=seed)
    else:
        raw = artist.paint(prompt, draft_size(size), seed=seed)
    finished = finish(raw, size, mark, kind)
    is_transparent = extras(params).get("background") == "transparent" and kind == "png"
    return _cut_out(finished) if is_transparent else finished


def _grown(source: bytes, params: Params) -> bytes:
    """Put the picture where it belongs on a larger, blurred one of itself."""
    up, down, left, right = expansion(params)
    with Image.open(BytesIO(source)) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    width, height = picture.size
    whole = (round(width * (1 + left + right)), round(height * (1 + up + down)))
    canvas = ImageOps.fit(picture, whole).filter(ImageFilter.GaussianBlur(_BLUR_PX))
    canvas.paste(picture, (round(width * left), round(height * up)))
    return _png(canvas)


def _cut_out(picture: bytes) -> bytes:
    """Let the background fade away from the middle outwards."""
    with Image.open(BytesIO(picture)) as opened:
        shown = opened.convert("RGB")
    shown.putalpha(ImageOps.invert(Image.radial_gradient("L")).resize(shown.size))
    return _png(shown)


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()
