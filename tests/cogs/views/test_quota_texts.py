"""The words of /quota for each kind of limit, and to whom money is shown."""

from typing import Any

import pytest

from bot.domain.quotas.allowances import UNLIMITED, LimitWindow, Use
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.quota import Grant, OpenGrant, Period, Rule, Scope
from bot.domain.wording.sentences import NOBODY_NAMED, Operator
from bot.services.quotas import Account, Granted, Listing
from cogs.views.quota_texts import account_text, cleared_text, granted_text, listing_text, set_text

ADA = 7
LAB = Operator("The Lab")
RULE = Rule(Scope.EVERYONE, 0, Period.DAY, 2)


def use(kind: LimitKind, limit: float, used: float = 0.0, subject_id: int = 0) -> Use:
    period = "month" if kind.traits.is_budget else "day"
    return Use(LimitWindow(kind, limit, period, 0, 100, subject_id), used)


def lines(
    *uses: Use, granted: int = 0, barred_until: float = 0.0, money: bool = False
) -> list[str]:
    account = Account(uses, granted, barred_until)
    title, *rest = account_text(account, ADA, LAB, shows_money=money).splitlines()
    assert title == f"**Quotas of <@{ADA}>**"
    return rest


@pytest.mark.parametrize(
    ("of", "line"),
    [
        (use(LimitKind.MEMBER, 5, 2), "Own quota: 3 left of 5 pictures per day"),
        (
            use(LimitKind.ROLE, 5, 2, 9),
            "Quota, for each member with <@&9>: 3 left of 5 pictures per day",
        ),
        (use(LimitKind.EVERYONE, 1), "Quota, for each member: 1 left of 1 picture per day"),
        (
            use(LimitKind.USER_CEILING, 20, 30),
            "Limit set by The Lab for one member, in all servers: 0 left of 20 pictures per day",
        ),
        (
            use(LimitKind.GUILD_CEILING, 200),
            "Limit set by The Lab for this server: 200 left of 200 pictures per day",
        ),
        (
            use(LimitKind.BUDGET_IMAGES, 10, 1),
            "This server’s budget: 9 left of 10 pictures per month",
        ),
    ],
    ids=lambda value: str(value.window.kind) if isinstance(value, Use) else "",
)
def test_a_limit_on_pictures_is_named_by_who_set_it_with_what_is_left(of: Use, line: str) -> None:
    assert lines(of) == [f"{line}, resets <t:100:R>"]


@pytest.mark.parametrize("kind", [LimitKind.MEMBER, LimitKind.BUDGET_IMAGES])
def test_a_limit_of_nothing_names_no_numbers(kind: LimitKind) -> None:
    [line] = lines(use(kind, 0))
    assert line.endswith(": no pictures are allowed")


def test_a_servers_money_is_shown_in_numbers_to_moderators_alone() -> None:
    budget = use(LimitKind.BUDGET_USD, 2.0, 0.5)
    shown = "This server’s budget in US dollars: 1.50 left of 2.00 USD per month, resets <t:100:R>"
    assert lines(budget, money=True) == [shown]
    assert lines(budget) == ["No quota applies."]


@pytest.mark.parametrize("money", [False, True])
@pytest.mark.parametrize(
    ("used", "ending"),
    [
        (0.1, None),
        (0.9, " is nearly used up, so a request may be refused; it resets <t:100:R>"),
        (1.0, " is used up; it resets <t:100:R>"),
    ],
)
def test_of_the_operators_money_nobody_reads_more_than_that_it_ends(
    used: float, ending: str | None, *, money: bool
) -> None:
    said = lines(use(LimitKind.ACCOUNT_USD, 1.0, used), money=money)
    name = "The monthly budget set by The Lab"
    assert said == ([f"{name}{ending}"] if ending else ["No quota applies."])


def test_a_budget_of_no_dollars_says_what_it_leaves() -> None:
    [line] = lines(use(LimitKind.ACCOUNT_USD, 0))
    assert line == "The monthly budget set by The Lab allows nothing that has a price"


def test_extra_pictures_and_a_pause_follow_the_limits() -> None:
    assert lines(granted=3, barred_until=200.4) == [
        "No quota applies.",
        "Extra pictures, used when a quota runs out: 3 left",
        "Paused after refusals by review; requests are taken again <t:200:R>",
    ]


def test_an_operator_without_a_name_is_whoever_runs_the_bot() -> None:
    account = Account((use(LimitKind.GUILD_CEILING, 1),), 0, 0.0)
    text = account_text(account, ADA, NOBODY_NAMED, shows_money=False)
    assert "Limit set by whoever runs this bot for this server" in text


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (RULE, "Each member: 2 pictures per day"),
        (Rule(Scope.ROLE, 9, Period.WEEK, 1), "Each member with <@&9>: 1 picture per week"),
        (Rule(Scope.MEMBER, ADA, Period.MONTH, 0), "<@7>: no pictures per month"),
        (Rule(Scope.MEMBER, ADA, Period.HOUR, UNLIMITED), "<@7>: unlimited pictures per hour"),
    ],
)
def test_a_rule_reads_as_whom_it_is_for_and_how_much(rule: Rule, line: str) -> None:
    assert set_text(rule, None, LAB) == f"Set. {line}"
    listed = listing_text(Listing((rule,), "UTC"), LAB, sees_all=True).splitlines()
    assert listed == [
        "**Quotas of this server**",
        line,
        "-# Periods begin in the time zone UTC.",
    ]


@pytest.mark.parametrize(
    ("kind", "limit", "line"),
    [
        (
            LimitKind.USER_CEILING,
            1,
            "The limit of 1 picture per day for each member, set by The Lab, still holds.",
        ),
        (
            LimitKind.GUILD_CEILING,
            200,
            "The limit of 200 pictures per day for this server, set by The Lab, still holds.",
        ),
        (LimitKind.BUDGET_IMAGES, 5, "This server’s budget of 5 pictures per month still holds."),
    ],
)
def test_a_limit_above_is_named_under_what_was_set_or_given(
    kind: LimitKind, limit: float, line: str
) -> None:
    above = use(kind, limit).window
    assert set_text(RULE, above, LAB).splitlines()[1:] == [line]
    given = granted_text(Grant(ADA, 3, "won", 9), Granted(3, 4, above), LAB)
    assert given.splitlines() == [
        "<@7> has 4 pictures extra now, used when a quota runs out: won",
        line,
    ]


def test_pictures_that_are_taken_back_are_counted_as_such() -> None:
    taken = granted_text(Grant(ADA, -9, "*late*", 9), Granted(-1, 0, None), LAB)
    assert taken == r"Took back 1 picture from <@7>; 0 extra left: \*late\*"


@pytest.mark.parametrize(
    ("how", "line"),
    [
        ((1, Scope.MEMBER, ADA), "Cleared 1 quota that held for <@7>."),
        ((2, Scope.ROLE, 9), "Cleared 2 quotas that held for each member with <@&9>."),
    ],
)
def test_what_was_cleared_is_counted(how: Any, line: str) -> None:
    assert cleared_text(*how) == line


@pytest.mark.parametrize("sees_all", [True, False])
def test_a_list_of_any_length_fits_a_message_and_says_that_there_is_more(*, sees_all: bool) -> None:
    rules = tuple(Rule(Scope.ROLE, 10**18 + number, Period.DAY, 2) for number in range(300))
    grants = tuple(OpenGrant(10**18 + number, 3, "x" * 400, 9) for number in range(50))
    text = listing_text(Listing(rules, "UTC", grants), LAB, sees_all=sees_all)
    assert len(text) <= 4000
    assert "-# and " in text
    assert text.splitlines()[-1] == "-# and more"
    assert ("**Quotas of this server**" in text) == sees_all
