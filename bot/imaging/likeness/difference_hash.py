"""Reduces a picture to bits that a smaller or re-encoded copy shares with it, all but a few."""

from PIL import Image

from bot.domain.labels.likeness import DETAIL_SIDE, SIDE, interleaved

_ENOUGH_PX = 128  # the sides that are left before the one careful step
_PAPER = 255
_STEP = 2  # of 255: what is lighter by less than encoding changes is not lighter (measured)


def looks_of(picture: Image.Image) -> tuple[int, int]:
    """Return the likeness and the detail of a picture in mode L, RGB, RGBA or CMYK, upright.

    Half the bits say where a cell is lighter than its right neighbour, half where it is lighter
    than the one below it: of 8 × 8 cells (128 bits), and of 16 × 16 (512 bits). What is
    transparent counts as on white.
    """
    grey = _grey(picture)
    across, down = _lighter(grey, DETAIL_SIDE)
    detail = sum(bit << place for place, bit in enumerate((*across, *down)))
    return interleaved(*_lighter(grey, SIDE)), detail


def _lighter(grey: Image.Image, side: int) -> tuple[list[bool], list[bool]]:
    """Return of each cell, row by row, whether it is lighter than the next ones."""
    # Lanczos blurs the cells' borders: a shift by a pixel moves no line of text to another cell.
    across = grey.resize((side + 1, side), Image.Resampling.LANCZOS).tobytes()
    down = grey.resize((side, side + 1), Image.Resampling.LANCZOS).tobytes()
    rows = [across[at : at + side + 1] for at in range(0, len(across), side + 1)]
    than_right = [row[x] > row[x + 1] + _STEP for row in rows for x in range(side)]
    than_below = [down[at] > down[at + side] + _STEP for at in range(side * side)]
    return than_right, than_below


def _grey(picture: Image.Image) -> Image.Image:
    # A gap spares work, and no side's remainder moves the cells, as a plain reduction's would.
    size = (_ENOUGH_PX, _ENOUGH_PX)
    small = picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    if small.mode == "RGBA":
        paper = Image.new("RGBA", small.size, (_PAPER, _PAPER, _PAPER, _PAPER))
        small = Image.alpha_composite(paper, small)
    return small.convert("L")
