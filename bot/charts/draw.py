"""Draws the chart it reads as JSON and writes it as a PNG: `python -m bot.charts.draw`."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure

from bot.charts.panels import BACKGROUND, INK, draw_panel, height_of

_WIDTH_IN, _TITLE_IN = 8.0, 0.8
_DPI = 135  # 1,080 pixels wide: three of a phone's pixels for each of a narrow screen's
_TITLE = 20  # points: the longest title in use is as wide as the card


def picture_of(chart: dict[str, Any]) -> bytes:
    """Return a chart, as `dataclasses.asdict` makes it of one, as a PNG."""
    heights = [height_of(panel) for panel in chart["panels"]]
    size = (_WIDTH_IN, _TITLE_IN + sum(heights))
    figure = Figure(figsize=size, dpi=_DPI, facecolor=BACKGROUND, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.3, h_pad=0.25)  # type: ignore[call-arg, union-attr] # what constrained layout takes
    figure.suptitle(chart["title"], color=INK, fontsize=_TITLE, x=0.035, ha="left")
    grid = figure.add_gridspec(len(heights), 1, height_ratios=heights)
    for row, panel in enumerate(chart["panels"]):
        draw_panel(figure.add_subplot(grid[row]), panel)
    out = io.BytesIO()
    figure.savefig(out, format="png", facecolor=BACKGROUND)
    return out.getvalue()


def _set_up(font: str) -> None:
    """Take texts as they are, also in scripts that the usual font lacks where there is a font."""
    mpl.rcParams["text.parse_math"] = False
    if not Path(font).is_file():
        return
    font_manager.fontManager.addfont(font)
    name = font_manager.FontProperties(fname=font).get_name()
    mpl.rcParams["font.family"] = ["DejaVu Sans", name]


if __name__ == "__main__":
    asked = json.load(sys.stdin.buffer)
    _set_up(asked["font"])
    sys.stdout.buffer.write(picture_of(asked["chart"]))
