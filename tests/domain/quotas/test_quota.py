"""Windows in any time zone, which rule counts, and which limit above it allows less."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.guilds.settings import GuildSettings
from bot.domain.quotas.allowances import UNLIMITED, LimitWindow, Use
from bot.domain.quotas.errors import UserOrRole
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.quota import (
    Asker,
    Ceilings,
    Period,
    Policy,
    Rule,
    Scope,
    above_grants,
    above_rule,
    allowance_for,
    in_force,
    period_window,
    subject_of,
)

NOW = 1_800_000_000.0  # Fri 2027-01-15 08:00 UTC
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",  # its clocks go back at 01:00, so midnight comes twice
    "Africa/Cairo",  # its clocks go forward at 00:00, so a midnight is missing
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)
moments = st.floats(NOW - 2 * 366 * 86400, NOW + 8 * 366 * 86400).map(round)
zones = st.sampled_from(ZONES).map(ZoneInfo)
BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, zone: ZoneInfo = BERLIN, *, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()


@given(moments, zones, st.sampled_from(Period))
def test_every_moment_lies_in_its_window(now: int, zone: ZoneInfo, period: Period) -> None:
    found = period_window(period, now, zone)
    assert found.since <= now < found.until


@given(moments, zones, st.sampled_from([Period.DAY, Period.WEEK, Period.MONTH]))
def test_one_window_ends_where_the_next_begins(now: int, zone: ZoneInfo, period: Period) -> None:
    found = period_window(period, now, zone)
    assert period_window(period, found.since, zone) == found
    assert period_window(period, found.until - 1, zone) == found
    assert period_window(period, found.until, zone).since == found.until


@given(moments, zones)
def test_windows_begin_where_the_calendar_says(now: int, zone: ZoneInfo) -> None:
    local = datetime.fromtimestamp(now, zone)

    def first(period: Period) -> datetime:
        return datetime.fromtimestamp(period_window(period, now, zone).since, zone)

    assert first(Period.DAY).date() == local.date()
    assert first(Period.MONTH).date() == local.date().replace(day=1)
    assert first(Period.WEEK).weekday() == 0
    assert timedelta(0) <= local.date() - first(Period.WEEK).date() < timedelta(days=7)
    if zone.key != "Australia/Lord_Howe":
        assert first(Period.HOUR).minute == 0


@pytest.mark.parametrize(
    ("text", "hours"),
    [("2027-03-28 12:00", 23), ("2027-10-31 12:00", 25), ("2027-06-01 12:00", 24)],
)
def test_a_day_has_as_many_hours_as_its_clocks_give_it(text: str, hours: int) -> None:
    day = period_window(Period.DAY, at(text), BERLIN)
    assert day.until - day.since == hours * 3600


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    first = period_window(Period.HOUR, at("2027-10-31 02:30"), BERLIN)
    second = period_window(Period.HOUR, at("2027-10-31 02:30", fold=1), BERLIN)
    assert (first.until, second.until - second.since) == (second.since, 3600)


def test_a_month_in_the_servers_zone_is_not_a_month_of_utc() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    new_year = period_window(Period.MONTH, at("2026-12-31 20:00", ZoneInfo("UTC")), tokyo)
    assert new_year.since == at("2027-01-01 00:00", tokyo)
    assert new_year.until == at("2027-02-01 00:00", tokyo)


ME, MY_ROLES = 7, frozenset({1, 2})
rules = st.lists(
    st.builds(
        Rule,
        st.sampled_from(Scope),
        st.sampled_from([0, 1, 2, 3, ME, 8]),
        st.sampled_from(Period),
        st.integers(-1, 5),
    ),
    unique_by=lambda rule: (rule.scope, rule.subject_id, rule.period),
)


@given(rules)
def test_a_members_own_rule_beats_the_roles_and_they_beat_everyones(
    given_rules: list[Rule],
) -> None:
    found = {rule.period: rule for rule in in_force(given_rules, ME, MY_ROLES)}
    for period in Period:
        here = [rule for rule in given_rules if rule.period is period]
        own = [r for r in here if r.scope is Scope.MEMBER and r.subject_id == ME]
        by_role = [r for r in here if r.scope is Scope.ROLE and r.subject_id in MY_ROLES]
        for_all = [r for r in here if r.scope is Scope.EVERYONE]
        wanted = own or by_role or for_all
        if not wanted:
            assert period not in found
            continue
        assert found[period] in wanted
        amounts = [float("inf") if r.images == UNLIMITED else r.images for r in wanted]
        images = found[period].images
        assert (float("inf") if images == UNLIMITED else images) == max(amounts)


def test_every_period_that_applies_becomes_a_bound() -> None:
    policy = Policy(
        rules=(
            Rule(Scope.EVERYONE, 0, Period.DAY, 3),
            Rule(Scope.ROLE, 1, Period.DAY, UNLIMITED),
            Rule(Scope.EVERYONE, 0, Period.MONTH, 30),
            Rule(Scope.MEMBER, 8, Period.HOUR, 0),
        ),
        settings=GuildSettings(budget_images=100, budget_usd=5.5),
    )
    ceilings = Ceilings(user_per_day=20, guild_per_day=200, account_usd_per_month=50)
    found = allowance_for(Asker(1, ME, MY_ROLES), policy, ceilings, NOW)
    assert [(window.kind, window.limit, window.period) for window in found.windows] == [
        (LimitKind.EVERYONE, 30, "month"),
        (LimitKind.BUDGET_IMAGES, 100, "month"),
        (LimitKind.BUDGET_USD, 5.5, "month"),
        (LimitKind.USER_CEILING, 20, "day"),
        (LimitKind.GUILD_CEILING, 200, "day"),
        (LimitKind.ACCOUNT_USD, 50, "month"),
    ]


def test_ceilings_that_are_off_bound_nothing() -> None:
    assert allowance_for(Asker(1, ME), Policy(), Ceilings(), NOW).windows == ()


def test_in_direct_messages_only_the_operators_limits_on_people_and_money_hold() -> None:
    found = allowance_for(Asker(None, ME), Policy(), Ceilings(20, 200, 50), NOW)
    assert [window.kind for window in found.windows] == [
        LimitKind.USER_CEILING,
        LimitKind.ACCOUNT_USD,
    ]


def test_the_operators_day_and_month_are_utcs_whatever_the_server_chose() -> None:
    policy = Policy(settings=GuildSettings(timezone="Pacific/Kiritimati"))
    windows = allowance_for(Asker(1, ME), policy, Ceilings(20, -1, 50), NOW).windows
    day, month = windows
    assert month.since == datetime(2027, 1, 1, tzinfo=UTC).timestamp()
    assert day.since == datetime(2027, 1, 15, tzinfo=UTC).timestamp()


def test_a_rule_is_for_a_member_a_role_or_everyone() -> None:
    assert subject_of(1, 5, None) == (Scope.MEMBER, 5)
    assert subject_of(1, None, 6) == (Scope.ROLE, 6)
    assert subject_of(1, None, None) == (Scope.EVERYONE, 0)
    assert subject_of(1, None, 1) == (Scope.EVERYONE, 0), "@everyone is a role with the server's id"
    with pytest.raises(UserOrRole):
        subject_of(1, 5, 6)


def test_a_servers_time_zone_does_not_move_the_operators_day() -> None:
    def in_zone(name: str) -> Policy:
        return Policy(settings=GuildSettings(timezone=name))

    asker = Asker(1, 2, frozenset())
    ceilings = Ceilings(user_per_day=20, guild_per_day=200, account_usd_per_month=50.0)
    found = {
        name: [
            (window.since, window.resets_at)
            for window in allowance_for(asker, in_zone(name), ceilings, NOW).windows
        ]
        for name in ("UTC", "Etc/GMT+12", "Asia/Kathmandu")
    }
    assert len({tuple(windows) for windows in found.values()}) == 1


USER = LimitWindow(LimitKind.USER_CEILING, 20, "day", 0, 1)


GUILD = LimitWindow(LimitKind.GUILD_CEILING, 200, "day", 0, 1)


BUDGET = LimitWindow(LimitKind.BUDGET_IMAGES, 500, "month", 0, 1)


MONEY = LimitWindow(LimitKind.ACCOUNT_USD, 1, "month", 0, 1)


OWN = LimitWindow(LimitKind.MEMBER, 5, "day", 0, 1)


@pytest.mark.parametrize(
    ("images", "period", "expected"),
    [
        (20, Period.DAY, None),
        (21, Period.DAY, USER),
        (21, Period.HOUR, USER),
        (140, Period.WEEK, None),
        (141, Period.WEEK, USER),
        (500, Period.MONTH, None),
        (501, Period.MONTH, BUDGET),
        (UNLIMITED, Period.DAY, USER),
    ],
)
def test_a_rule_names_the_tightest_limit_that_allows_less(
    images: int, period: Period, expected: LimitWindow | None
) -> None:
    rule = Rule(Scope.EVERYONE, 0, period, images)
    assert above_rule(rule, (OWN, MONEY, GUILD, USER, BUDGET)) == expected


def test_without_limits_above_nothing_is_named() -> None:
    assert above_rule(Rule(Scope.EVERYONE, 0, Period.DAY, UNLIMITED), (OWN, MONEY)) is None
    assert above_grants((Use(OWN, 0), Use(MONEY, 1)), 99) is None


@pytest.mark.parametrize(
    ("used", "granted", "expected"), [(0, 15, None), (0, 16, USER), (5, 15, None), (5, 16, USER)]
)
def test_grants_are_measured_with_what_is_left_of_the_quota(
    used: int, granted: int, expected: LimitWindow | None
) -> None:
    assert above_grants((Use(OWN, used), Use(USER, used), Use(GUILD, used)), granted) == expected


def test_where_no_quota_is_set_a_grant_changes_nothing_below_the_operators_limit() -> None:
    assert above_grants((Use(USER, 0), Use(GUILD, 0)), 1) == USER
    assert above_grants((Use(USER, 0), Use(GUILD, 195)), 1) == GUILD
