"""The sizes of aiart's results: which may be asked for, and what becomes of them."""

import re
from typing import Final

from bot.sandbox.tencent.refusals import refuse
from bot.sandbox.tencent.rules import PARAMETER_VALUE_ERROR, Params

Size = tuple[int, int]

RESTYLED: Final = ("origin", "768:768", "768:1024", "1024:768")
PRO: Final = (
    *("768:768", "768:1024", "1024:768", "1024:1024"),
    *("720:1280", "1280:720", "768:1280", "1280:768"),
)
PAINTED: Final = (*PRO, "1080:1920", "1920:1080")
ORIGIN_LONGEST = 2000  # px (seed 003: `origin` is scaled down to this)

_LITE_RATIOS: Final = ((1, 1), (3, 4), (4, 3), (9, 16), (16, 9))
_LITE_SIDES: Final = frozenset(
    {160, 200, 225, 258, 512, 520, 608, 768, 1024, 1080, 1280}
    | {1600, 1620, 1920, 2048, 2400, 2560, 2592, 3440, 3840, 4096}
)
_JOB_SIDES = (512, 2048)
_JOB_AREA = 1024 * 1024
_WIDE: Final = (
    *((2048, 512), (1984, 512), (1920, 512), (1856, 512), (1792, 512), (1728, 512), (1664, 512)),
    *((1600, 512), (1536, 512), (1472, 576), (1408, 640), (1344, 704), (1280, 768), (1216, 832)),
    *((1152, 896), (1088, 960)),
)
# What a job with reference pictures answers with (SubmitTextToImageJob, 2026-04: 37 sizes).
SNAPPED: Final = (
    *_WIDE,
    (1024, 1024),
    *((height, width) for width, height in _WIDE),
    *((768, 1024), (720, 1280), (1024, 768), (1280, 720)),
)


def size_of(resolution: str) -> Size:
    """Read "width:height" in pixels. Raises Refusal."""
    found = re.fullmatch(r"(\d{1,5}):(\d{1,5})", resolution)
    if found is None:
        raise refuse(PARAMETER_VALUE_ERROR, "`Resolution` must be width:height.")
    return int(found[1]), int(found[2])


def origin(given: Size) -> Size:
    """Give the input's own size, its long side no longer than ImageToImage answers with."""
    return scaled(given, min(1.0, ORIGIN_LONGEST / max(given)))


def scaled(size: Size, factor: float) -> Size:
    """Give a size times `factor`, no side below one pixel."""
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def snapped(size: Size) -> Size:
    """Give the size of the 37 whose shape is nearest."""
    ratio = size[0] / size[1]
    return min(SNAPPED, key=lambda one: (abs(one[0] / one[1] - ratio), abs(one[0] - size[0])))


def check_lite(params: Params) -> None:
    """Hold Resolution to the ratios and long sides of Lite and Rapid (aiart API, 2026-04)."""
    width, height = size_of(params.get("Resolution", "1024:1024"))
    short, long = sorted((width, height))
    fits = any(
        (width >= height) == (wide >= high)
        and abs(short - long * min(wide, high) / max(wide, high)) < 1
        for wide, high in _LITE_RATIOS
    )
    if long not in _LITE_SIDES or not fits:
        raise refuse(PARAMETER_VALUE_ERROR, f"`Resolution` may not be {width}:{height}.")


def check_job(params: Params) -> None:
    """Hold Resolution to the sides and the area of SubmitTextToImageJob (aiart API, 2026-04)."""
    width, height = size_of(params.get("Resolution", "1024:1024"))
    low, high = _JOB_SIDES
    if not (
        low <= min(width, height) <= max(width, height) <= high and width * height <= _JOB_AREA
    ):
        raise refuse(PARAMETER_VALUE_ERROR, f"`Resolution` may not be {width}:{height}.")
