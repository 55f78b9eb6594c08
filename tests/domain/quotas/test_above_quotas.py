"""What moderators' quotas and grants promise, and which limit above them allows less."""

import pytest

from bot.domain.quotas.allowances import UNLIMITED, LimitWindow, Use
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.quota import Period, Rule, Scope, above_grants, above_rule

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
