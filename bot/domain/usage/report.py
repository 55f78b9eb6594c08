"""What was used in a span of time: its bars, the engines and members, money against its budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import accumulate

from bot.domain.quotas.quota import Period, period_window

_BARS = {"day": 24, "week": 7, "month": 30}
_HOUR_S = 3600.0
ENGINES_SHOWN = 6  # as many as people tell apart by colour; the rest is summed up
MEMBERS_SHOWN = 8


class Span(StrEnum):
    """How far back a report goes: 24 hours, 7 days or 30 days, the present one included."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Bars:
    """The bounds of bars in unix seconds, one more than there are bars, and the bars' names."""

    bounds: tuple[float, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """What jobs came to: pictures, and US dollars, `assumed_usd` of them for unknown prices."""

    images: int = 0
    usd: float = 0.0
    assumed_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class EngineUse:
    """The pictures of an engine, bar by bar; `name` is "" for all that are not shown by name."""

    name: str
    images: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MemberUse:
    """What a member used in the whole span."""

    user_id: int
    used: Sum


@dataclass(frozen=True, slots=True)
class Spending:
    """The month's money, summed up day by day until today, and its budget, if there is one."""

    days: tuple[str, ...]
    usd: tuple[float, ...]
    assumed_usd: float
    budget_usd: float | None


@dataclass(frozen=True, slots=True)
class UsageReport:
    """What was used in a span; `members` and `spending` are for moderators."""

    span: Span
    bars: Bars
    engines: tuple[EngineUse, ...]
    members: tuple[MemberUse, ...] = ()
    more_members: int = 0
    spending: Spending | None = None

    @property
    def images(self) -> int:
        """All pictures of the span."""
        return sum(sum(each.images) for each in self.engines)


def bars_of(span: Span, now: float, zone: tzinfo) -> Bars:
    """Return the bars of a span, in the hours or days of a zone's clocks; the last one is now's."""
    count = _BARS[span.value]
    if span is Span.DAY:
        begun = period_window(Period.HOUR, now, zone).since
        starts = [begun - _HOUR_S * back for back in reversed(range(count))]
        names = [datetime.fromtimestamp(each, zone).strftime("%H:00") for each in starts]
        return Bars((*starts, begun + _HOUR_S), tuple(names))
    today = datetime.fromtimestamp(now, zone).replace(tzinfo=None).date()
    days = [today - timedelta(days=back) for back in reversed(range(-1, count))]
    starts = [datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() for day in days]
    return Bars(tuple(starts), tuple(day.strftime("%m-%d") for day in days[:-1]))


def days_of_month(now: float, zone: tzinfo) -> Bars:
    """Return the days of the month that `now` lies in, all of them."""
    month = period_window(Period.MONTH, now, zone)
    first = datetime.fromtimestamp(month.since, zone)
    days = [first]
    while days[-1].timestamp() < month.until:
        days.append(days[-1] + timedelta(days=1))
    bounds = tuple(day.timestamp() for day in days)
    return Bars(bounds, tuple(day.strftime("%m-%d") for day in days[:-1]))


def engines_in(sums: Mapping[tuple[int, str], Sum], bars: int) -> tuple[EngineUse, ...]:
    """Return the engines, the most used first, those beyond the first few summed up as one.

    `sums` are by bar, counted from 0, and engine.
    """
    by_engine: dict[str, list[int]] = {}
    for (bar, engine), used in sums.items():
        by_engine.setdefault(engine, [0] * bars)[bar] += used.images
    ranked = sorted(by_engine.items(), key=lambda each: (-sum(each[1]), each[0]))
    shown = [EngineUse(name, tuple(images)) for name, images in ranked if sum(images)]
    if len(shown) <= ENGINES_SHOWN:
        return tuple(shown)
    first, rest = shown[: ENGINES_SHOWN - 1], shown[ENGINES_SHOWN - 1 :]
    others = map(sum, zip(*(each.images for each in rest), strict=True))
    return (*first, EngineUse("", tuple(others)))


def spending_in(
    sums: Mapping[int, Sum], days: Bars, now: float, budget_usd: float | None
) -> Spending:
    """Return what the days until `now` cost, added up; `sums` are by day, counted from 0."""
    begun = sum(since <= now for since in days.bounds[:-1])
    each = [sums.get(day, Sum()) for day in range(begun)]
    usd = accumulate(used.usd + used.assumed_usd for used in each)
    assumed = sum(used.assumed_usd for used in each)
    return Spending(days.labels, tuple(round(sofar, 9) for sofar in usd), assumed, budget_usd)


def ranked(members: Sequence[MemberUse]) -> tuple[tuple[MemberUse, ...], int]:
    """Return the members who used most, and how many more there are."""
    return tuple(members[:MEMBERS_SHOWN]), max(len(members) - MEMBERS_SHOWN, 0)
