"""Reduces a picture to 128 bits that a smaller or re-encoded copy shares with it, all but a few."""

from PIL import Image

from bot.domain.labels.likeness import SIDE, interleaved

_ENOUGH_PX = 64  # the shorter side that is left before the one careful step
_PAPER = 255
_STEP = 2  # of 255: what is lighter by less than encoding changes is not lighter (measured)


def likeness_of(picture: Image.Image) -> int:
    """Return the difference hash of a picture in mode L, RGB, RGBA or CMYK, upright.

    64 bits say where a cell of 8 × 8 is lighter than its right neighbour, 64 where it is lighter
    than the one below it. What is transparent counts as on white.
    """
    grey = _grey(picture)
    # Lanczos blurs the cells' borders: a shift by a pixel moves no line of text to another cell.
    across = grey.resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS).tobytes()
    down = grey.resize((SIDE, SIDE + 1), Image.Resampling.LANCZOS).tobytes()
    rows = [across[at : at + SIDE + 1] for at in range(0, len(across), SIDE + 1)]
    than_right = [row[x] > row[x + 1] + _STEP for row in rows for x in range(SIDE)]
    than_below = [down[at] > down[at + SIDE] + _STEP for at in range(SIDE * SIDE)]
    return interleaved(than_right, than_below)


def _grey(picture: Image.Image) -> Image.Image:
    factor = min(picture.size) // _ENOUGH_PX
    small = picture.reduce(factor) if factor > 1 else picture
    if small.mode == "RGBA":
        paper = Image.new("RGBA", small.size, (_PAPER, _PAPER, _PAPER, _PAPER))
        small = Image.alpha_composite(paper, small)
    return small.convert("L")
