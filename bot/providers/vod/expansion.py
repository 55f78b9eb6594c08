"""By which shares of its sides VOD is to expand a picture: to a ratio, or at one side."""

from io import BytesIO

from PIL import Image

from bot.domain.provider_errors import InputRefused

_DIRECTIONS = ("up", "down", "left", "right")
_MOST = 2.0  # times the side, in each direction (VOD API, 2026-10)
_MOST_AREA = 3.0  # of the new picture, in old ones (VOD API, 2026-10)
_DIGITS = 4
_AT_ONE_SIDE = 0.5  # of the side itself: half a picture more
_AROUND = 0.25  # at each side, as if seen from half as far again


def expansion(picture: bytes, ratio: str) -> dict[str, float]:
    """Return ExtInfo's parameters that add the same on both sides of a fitted picture.

    Raises InputRefused for what exceeds the API's limits, or where nothing is to be added.
    """
    with Image.open(BytesIO(picture)) as opened:
        width, height = opened.size
    wide, high = map(int, ratio.split(":"))
    change = (wide * height) / (high * width)
    grown = max(change, 1 / change)
    share = round((grown - 1) / 2, _DIGITS)
    if not 0 < share <= _MOST or 1 + 2 * share > _MOST_AREA:
        detail = f"{width}x{height} would grow {grown:.2f} times to become {ratio}"
        raise InputRefused("NotExpandable", detail=detail)
    added = ("left", "right") if change > 1 else ("up", "down")
    return {f"{side}_expansion_ratio": share if side in added else 0.0 for side in _DIRECTIONS}


def extension(side: str) -> dict[str, float]:
    """Return ExtInfo's parameters that continue a picture at a side, or "around" it."""
    shares = dict.fromkeys(_DIRECTIONS, _AROUND if side == "around" else 0.0)
    if side in shares:
        shares[side] = _AT_ONE_SIDE
    return {f"{direction}_expansion_ratio": share for direction, share in shares.items()}
