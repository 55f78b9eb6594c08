"""Colour profiles: which pixels one fits, and the way from any of them into sRGB."""

import functools
import io

from PIL import Image, ImageCms

_HEADER_BYTES = 128  # (ICC.1:2022, 7.2: the space at 16, the signature at 36)
_MODES = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK"}


def space_of(profile: bytes | None) -> str | None:
    """Return "RGB", "GRAY", "CMYK" … as the header says; None for what is no profile."""
    if profile is None or len(profile) < _HEADER_BYTES or profile[36:40] != b"acsp":
        return None
    return profile[16:20].decode("ascii", "replace").rstrip()


def in_srgb(picture: Image.Image) -> Image.Image:
    """Return the pixels as RGB in the sRGB colour space, transparency laid onto white."""
    picture = to_srgb(picture)
    if picture.mode == "RGBA":
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        picture = ground
    picture.info = {}
    return picture


def to_srgb(picture: Image.Image) -> Image.Image:
    """Return the pixels of an L, RGB, RGBA or CMYK picture as RGB or RGBA in sRGB.

    The sRGB profile stands in `info` where another one led there.
    """
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    opaque = picture.convert("RGB") if alpha else picture
    converted = _converted(opaque, picture.info.get("icc_profile"))
    found = converted or opaque.convert("RGB")
    if alpha:
        found.putalpha(alpha)
    found.info = {"icc_profile": srgb_profile()} if converted else {}
    return found


def with_own_profile(picture: Image.Image) -> Image.Image:
    """Return a copy as RGB or RGBA with a profile that fits, its own wherever it does."""
    profile = picture.info.get("icc_profile")
    space = space_of(profile)
    if picture.mode == "CMYK" or space not in (None, "RGB"):
        return to_srgb(picture)
    copied = picture.copy() if picture.mode == "RGBA" else picture.convert("RGB")
    copied.info = {"icc_profile": profile} if space else {}
    return copied


@functools.cache
def srgb_profile() -> bytes:
    """Return an ICC profile of sRGB, which takes long enough to be made only once."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _converted(picture: Image.Image, profile: bytes | None) -> Image.Image | None:
    """Convert by the profile; None without one, or with one that says nothing of these pixels."""
    mode = _MODES.get(space_of(profile) or "")
    if profile is None or mode is None or (mode == "CMYK") != (picture.mode == "CMYK"):
        return None
    # Grey with transparency comes as three equal channels: each of them is the grey.
    pixels = picture.getchannel(0) if mode == "L" else picture.convert(mode)
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(pixels, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
