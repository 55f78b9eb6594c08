"""The bars of a report in any zone, its engines, and the month's money."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.usage.report import (
    ENGINES_SHOWN,
    Span,
    Sum,
    bars_of,
    days_of_month,
    engines_in,
    spending_in,
)

BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = st.floats(1_700_000_000, 1_900_000_000)
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Africa/Cairo"]
)


@given(MOMENTS, st.sampled_from(Span), ZONES.map(ZoneInfo))
def test_bars_follow_each_other_and_the_last_one_holds_now(
    now: float, span: Span, zone: ZoneInfo
) -> None:
    bars = bars_of(span, now, zone)
    assert len(bars.labels) == {"day": 24, "week": 7, "month": 30}[span]
    assert len(bars.bounds) == len(bars.labels) + 1
    assert list(bars.bounds) == sorted(set(bars.bounds))
    assert bars.bounds[-2] <= now < bars.bounds[-1]


@given(MOMENTS, ZONES.map(ZoneInfo))
def test_the_days_of_a_month_are_all_of_it(now: float, zone: ZoneInfo) -> None:
    days = days_of_month(now, zone)
    assert 28 <= len(days.labels) <= 31
    assert days.bounds[0] <= now < days.bounds[-1]
    assert days.labels[0].endswith("-01")


def test_a_day_whose_clocks_change_is_as_long_as_it_is() -> None:
    now = datetime(2026, 10, 26, 12, tzinfo=BERLIN).timestamp()
    bars = bars_of(Span.WEEK, now, BERLIN)
    hours = [
        (after - before) / 3600 for before, after in zip(bars.bounds, bars.bounds[1:], strict=False)
    ]
    assert hours == [24, 24, 24, 24, 24, 25, 24]
    assert bars.labels[-2:] == ("10-25", "10-26")


def test_engines_beyond_the_first_few_are_one_and_lose_no_picture() -> None:
    sums = {(0, f"engine-{number}"): Sum(10 - number) for number in range(9)}
    sums[1, "engine-8"] = Sum(30)
    sums[1, "idle"] = Sum(0)
    engines = engines_in(sums, 2)
    assert len(engines) == ENGINES_SHOWN
    assert (engines[0].name, engines[0].images) == ("engine-8", (2, 30))
    assert engines[-1].name == ""
    assert sum(sum(each.images) for each in engines) == sum(used.images for used in sums.values())
    assert "idle" not in {each.name for each in engines}


def test_the_months_money_is_added_up_until_today_with_what_is_assumed() -> None:
    now = datetime(2026, 11, 3, 12, tzinfo=UTC).timestamp()
    days = days_of_month(now, UTC)
    sums = {0: Sum(1, 0.5), 2: Sum(2, 0.25, 0.25), 9: Sum(5, 9.0)}
    spending = spending_in(sums, days, now, 20.0)
    assert spending.usd == (0.5, 0.5, 1.0)
    assert (spending.assumed_usd, spending.budget_usd) == (0.25, 20.0)
    assert len(spending.days) == 30
