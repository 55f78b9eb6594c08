"""Draws a chart's panels: readable on a phone, in colours that the colour-blind tell apart."""

from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

# One card for light and dark themes alike: a dark one, whose text has 12:1 against it.
BACKGROUND, INK, FAINT, GRID = "#1f232b", "#f1f3f6", "#b4bac6", "#3b414d"
# Okabe and Ito's, without black and their dark blue, which would sink into the card.
COLOURS = ("#56b4e9", "#e69f00", "#009e73", "#f0e442", "#d55e00", "#cc79a7")
_OVER = "#ff8a5c"
_TEXT, _SMALL = 18, 16.5  # points: ten pixels high on a phone, which shows it at a third
_LABELS_SHOWN = 6


def height_of(panel: dict[str, Any]) -> float:
    """Return a panel's height in inches: lying bars and a legend need room for each line."""
    if panel["kind"] == "RankedBars":
        return 1.0 + 0.4 * len(panel["labels"])
    return 3.2 + 0.36 * len(panel.get("series", ()))


def draw_panel(axes: "Axes", panel: dict[str, Any]) -> None:
    """Draw a panel of any kind."""
    _dress(axes, panel["title"])
    {"StackedBars": _stacked, "RankedBars": _ranked, "RisingLine": _rising}[panel["kind"]](
        axes, panel
    )


def _dress(axes: "Axes", title: str) -> None:
    axes.set_facecolor(BACKGROUND)
    axes.set_title(title, color=INK, fontsize=_TEXT, loc="left", pad=14)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(colors=FAINT, labelsize=_SMALL, length=0)
    axes.set_axisbelow(True)


def _stacked(axes: "Axes", panel: dict[str, Any]) -> None:
    places = range(len(panel["labels"]))
    below = [0.0] * len(places)
    for number, series in enumerate(panel["series"]):
        values, colour = series["values"], COLOURS[number % len(COLOURS)]
        axes.bar(
            places,
            values,
            bottom=below,
            width=0.82,
            color=colour,
            edgecolor=BACKGROUND,
            linewidth=1.2,
            label=series["name"],
        )
        below = [low + value for low, value in zip(below, values, strict=True)]
    _along(axes, panel["labels"])
    _upward(axes, whole=True)
    axes.set_ylim(0, max(*below, 1) * 1.06)
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(-0.02, -0.14),
        frameon=False,
        fontsize=_SMALL,
        labelcolor=INK,
        handlelength=1.0,
        handleheight=1.0,
    )


def _ranked(axes: "Axes", panel: dict[str, Any]) -> None:
    values, places = panel["values"], range(len(panel["labels"]))
    bars = axes.barh(places, values, color=COLOURS[0], height=0.62)
    axes.bar_label(bars, fmt="{:,.0f}", padding=8, color=INK, fontsize=_SMALL)
    axes.set_yticks(places, panel["labels"], color=INK, fontsize=_SMALL)
    axes.invert_yaxis()
    axes.set_xlim(0, max(*values, 1) * 1.16)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def _rising(axes: "Axes", panel: dict[str, Any]) -> None:
    values, limit = panel["values"], panel["limit"]
    is_over = limit is not None and values and values[-1] > limit
    colour = _OVER if is_over else COLOURS[0]
    axes.plot(range(len(values)), values, color=colour, linewidth=3.2, solid_capstyle="round")
    axes.fill_between(range(len(values)), values, color=colour, alpha=0.22, linewidth=0)
    if values:
        axes.plot([len(values) - 1], values[-1:], "o", color=colour, markersize=9)
    if limit is not None:
        axes.axhline(limit, color=INK, linewidth=1.6, linestyle=(0, (5, 4)))
        axes.text(
            -0.4,  # at the beginning, where the sum is still low
            limit,
            panel["limit_label"],
            color=INK,
            fontsize=_SMALL,
            ha="left",
            va="bottom",
        )
    axes.set_xlim(-0.5, len(panel["labels"]) - 0.5)
    axes.set_ylim(0, max(*values, limit or 0, 0.01) * 1.18)
    _along(axes, panel["labels"])
    _upward(axes, whole=False)


def _along(axes: "Axes", labels: "Sequence[str]") -> None:
    """Name as many bars as a phone has room for, the last one among them."""
    step = max(1, -(-len(labels) // _LABELS_SHOWN))
    shown = sorted(range(len(labels) - 1, -1, -step))
    axes.set_xticks(shown, [labels[place] for place in shown], color=FAINT)


def _upward(axes: "Axes", *, whole: bool) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=whole, min_n_ticks=2))
    axes.yaxis.set_major_formatter("{x:,.0f}" if whole else "{x:,.2f}")
    axes.grid(axis="y", color=GRID, linewidth=1)
