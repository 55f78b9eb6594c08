"""A chart as it is to be drawn: panels one above the other, with all their texts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """What one of several things came to, bar by bar; it is drawn in its place's colour."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class StackedBars:
    """Bars over time; each shows several series one on the other."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class RankedBars:
    """Lying bars, the longest first, each with its number beside it."""

    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RisingLine:
    """What a sum has come to over time, and the `limit` it may not pass, if there is one.

    `labels` go on to the end of the time, `values` may end before.
    """

    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    limit: float | None
    limit_label: str


Panel = StackedBars | RankedBars | RisingLine


@dataclass(frozen=True, slots=True)
class Chart:
    """Panels under a title."""

    title: str
    panels: tuple[Panel, ...]
