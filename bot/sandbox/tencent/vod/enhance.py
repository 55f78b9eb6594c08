"""What a processing task really makes of a picture: larger, mended, or without its background."""

from io import BytesIO

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from bot.sandbox.tencent.inputs import Unreadable
from bot.sandbox.tencent.rules import Params

_MOST_SIDE = 8192  # px; no document says where a factor ends
_FEATHER = 40  # of the shorter side: how soft a cut-out's edge is


def process(source: bytes, configure: Params) -> tuple[bytes, tuple[int, int], str]:
    """Give the encoded picture, its size and its format (Pillow's name). Raises Unreadable."""
    with Image.open(BytesIO(source)) as opened:
        kind, picture = opened.format or "PNG", ImageOps.exif_transpose(opened)
    picture = picture.convert("RGBA" if picture.mode in ("RGBA", "LA", "PA") else "RGB")
    enhance = configure.get("EnhanceConfig", {})
    picture = _enlarged(_mended(picture, enhance), enhance)
    if _is_on(configure.get("AiCutOutConfig")):
        picture = _cut_out(picture)
    wanted = configure.get("EncodeConfig", {}).get("Format", "MPO" if kind == "MPO" else kind)
    kind = {"MPO": "JPEG"}.get(wanted.upper(), wanted.upper())
    out = BytesIO()
    shown = picture.convert("RGB") if kind in ("JPEG", "BMP") else picture
    shown.save(out, kind, **({"compress_level": 1} if kind == "PNG" else {}))
    return out.getvalue(), picture.size, kind


def _is_on(part: Params | None) -> bool:
    return part is not None and part.get("Switch", "ON") == "ON"


def _mended(picture: Image.Image, enhance: Params) -> Image.Image:
    if _is_on(enhance.get("Denoise")):
        picture = picture.filter(ImageFilter.MedianFilter(3))
    if _is_on(enhance.get("LowLightEnhance")):
        picture = ImageEnhance.Brightness(picture).enhance(1.4)
    if _is_on(enhance.get("FaceEnhance")):
        picture = picture.filter(ImageFilter.UnsharpMask(2, 120, 2))
    return picture


def _enlarged(picture: Image.Image, enhance: Params) -> Image.Image:
    how = enhance.get("AdvancedSuperResolution")
    if not _is_on(how) or how is None:
        return picture
    factor = how.get("Percent", 1.0)
    if how.get("Mode", "percent") != "percent":
        long_side = how.get("LongSide") or max(how.get("Width", 1), how.get("Height", 1))
        factor = long_side / max(picture.size)
    sides = (round(picture.width * factor), round(picture.height * factor))
    if max(sides) > _MOST_SIDE:
        raise Unreadable(f"{sides[0]}x{sides[1]} is too large.")
    return picture.resize(sides, Image.Resampling.BICUBIC)


def _cut_out(picture: Image.Image) -> Image.Image:
    """Keep an oval in the middle, with a soft edge."""
    shape = ImageOps.invert(Image.radial_gradient("L")).point(
        lambda v: max(0, min(255, v * 3 - 180))
    )
    mask = shape.resize(picture.size).filter(ImageFilter.GaussianBlur(min(picture.size) / _FEATHER))
    cut = picture.convert("RGBA")
    cut.putalpha(ImageChops.multiply(cut.getchannel("A"), mask))
    return cut
