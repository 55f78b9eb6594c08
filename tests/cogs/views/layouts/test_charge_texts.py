"""What a waiting message says of what the job uses, word by word."""

import pytest

from bot.domain.quotas.allowances import LimitWindow, Taken, Use
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.quota import Period
from bot.services.quotas import Charge
from cogs.views.layouts.charge_texts import charge_text

RESETS = 1_800_000_000


def use(
    kind: LimitKind, limit: float, used: float, period: Period = Period.DAY, resets_at: float = 0
) -> Use:
    window = LimitWindow(kind, limit, period.value, 0.0, RESETS + resets_at)
    return Use(window, used)


OWN, CEILING = LimitKind.MEMBER, LimitKind.GUILD_CEILING


@pytest.mark.parametrize(
    ("images", "uses", "words"),
    [
        (1, [use(OWN, 20, 8)], "Uses 1 of your 20 pictures today; 12 are left."),
        (4, [use(OWN, 20, 19)], "Uses 4 of your 20 pictures today; 1 is left."),
        (
            2,
            [use(LimitKind.ROLE, 2, 2, Period.HOUR)],
            "Uses 2 of your 2 pictures this hour; none is left.",
        ),
        (1, [use(OWN, 1, 1)], f"Uses your only picture; the next one is yours <t:{RESETS}:R>."),
        (
            1,
            [use(CEILING, 200, 197), use(OWN, 20, 8)],
            "Uses 1 of this server’s 200 pictures today; 3 are left.",
        ),
        (
            1,
            [use(CEILING, 1, 1)],
            f"Uses this server’s only picture; the next one comes <t:{RESETS}:R>.",
        ),
        (
            1,
            [use(OWN, 5, 5), use(LimitKind.EVERYONE, 9, 9, Period.WEEK, resets_at=60)],
            "Uses 1 of your 9 pictures this week; none is left.",
        ),
        (1, [], ""),
    ],
)
def test_the_tightest_limit_is_told_with_what_is_left(
    images: int, uses: list[Use], words: str
) -> None:
    assert charge_text(Charge(images, Taken(uses=tuple(uses)))) == words


@pytest.mark.parametrize(
    ("left", "words"), [(0, "none is left"), (1, "1 is left"), (2, "2 are left")]
)
def test_extra_pictures_are_told_in_place_of_the_quota_that_they_go_beyond(
    left: int, words: str
) -> None:
    taken = Taken(from_grant=1, uses=(use(OWN, 5, 6),), granted=left)
    assert charge_text(Charge(1, taken)) == f"Uses 1 of your extra pictures; {words}."


def test_a_budget_that_ends_is_told_in_a_line_of_its_own_and_the_operators_to_nobody() -> None:
    budget = use(LimitKind.BUDGET_IMAGES, 10, 9, Period.MONTH)
    account = use(LimitKind.ACCOUNT_USD, 5, 5, Period.MONTH)
    charge = Charge(1, Taken(nearing=(budget, account), uses=(budget, use(OWN, 20, 12))))
    assert charge_text(charge).splitlines() == [
        "Uses 1 of your 20 pictures today; 8 are left.",
        "With this, 90 % of the server’s budget of 10 pictures per month is used.",
    ]


@pytest.mark.parametrize("period", Period)
@pytest.mark.parametrize("kind", [OWN, LimitKind.ROLE, LimitKind.EVERYONE])
def test_there_is_a_sentence_for_each_period_of_a_rule(kind: LimitKind, period: Period) -> None:
    assert "of your 5 pictures" in charge_text(Charge(1, Taken(uses=(use(kind, 5, 2, period),))))
