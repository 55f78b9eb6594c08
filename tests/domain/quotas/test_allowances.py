"""What holds, what is refused in which words, and what comes from grants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quotas.allowances import (
    Allowance,
    Counts,
    LimitWindow,
    QuotaRequest,
    Taken,
    Use,
    barred_until,
    share,
    take,
)
from bot.domain.quotas.errors import (
    AccountCeilingReached,
    EveryoneQuotaSpent,
    MemberQuotaSpent,
    MoneyBudgetSpent,
    PictureBudgetSpent,
    QuotaSpent,
    RoleQuotaSpent,
    SubmittingPaused,
    UserCeilingReached,
)
from bot.domain.quotas.limit_kinds import LimitKind

NOW = 1_800_000_000.0


def window(kind: LimitKind, limit: float, resets_in: float = 60, subject: int = 0) -> LimitWindow:
    return LimitWindow(kind, limit, "day", NOW - 60, NOW + resets_in, subject)


def ask(images: int = 1, price: float = 0.08) -> QuotaRequest:
    return QuotaRequest(1, 2, images, price)


def decide(asked: QuotaRequest, *pairs: tuple[LimitWindow, float], granted: int = 0) -> Taken:
    windows = Allowance(tuple(each for each, _ in pairs), watches_refusals=True)
    return take(asked, windows, Counts(tuple(used for _, used in pairs), granted), NOW)


@given(st.integers(0, 9), st.integers(0, 12), st.integers(1, 9), st.integers(0, 9))
def test_own_pictures_come_first_and_granted_ones_only_fill_the_gap(
    limit: int, used: int, images: int, granted: int
) -> None:
    own_left = max(limit - used, 0)
    pair = (window(LimitKind.MEMBER, limit), float(used))
    if own_left + granted >= images:
        assert decide(ask(images), pair, granted=granted).from_grant == max(images - own_left, 0)
        return
    with pytest.raises(MemberQuotaSpent) as refusal:
        decide(ask(images), pair, granted=granted)
    assert refusal.value.facts["left"] == own_left + granted


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (LimitKind.USER_CEILING, UserCeilingReached),
        (LimitKind.BUDGET_USD, MoneyBudgetSpent),
        (LimitKind.ACCOUNT_USD, AccountCeilingReached),
    ],
)
def test_grants_go_beyond_no_ceiling_and_no_budget(
    kind: LimitKind, error: type[QuotaSpent]
) -> None:
    with pytest.raises(error):
        decide(ask(), (window(kind, 1), 1.0), granted=100)


def test_of_several_spent_bounds_the_one_that_holds_out_longest_is_named() -> None:
    soon, late = window(LimitKind.EVERYONE, 1, 60), window(LimitKind.ROLE, 1, 9999, subject=33)
    with pytest.raises(RoleQuotaSpent) as refusal:
        decide(ask(), (soon, 1), (late, 1))
    assert str(refusal.value) == (
        "The quota of <@&33> is 1 picture per day for each member; 0 left, 1 asked for. "
        f"It resets <t:{NOW + 9999:.0f}:R>."
    )


def test_what_is_left_is_named_though_it_is_not_enough() -> None:
    with pytest.raises(EveryoneQuotaSpent, match=r"5 pictures per day.*2 left, 3 asked for"):
        decide(ask(3), (window(LimitKind.EVERYONE, 5), 3))


def test_money_is_named_in_dollars() -> None:
    words = r"5\.00 USD per day; 0\.05 USD left, and this counts as 0\.08 USD"
    with pytest.raises(MoneyBudgetSpent, match=words):
        decide(ask(), (window(LimitKind.BUDGET_USD, 5), 4.95))


def refusal_of(asked: QuotaRequest, *pairs: tuple[LimitWindow, float], granted: int = 0) -> str:
    with pytest.raises(QuotaSpent) as refusal:
        decide(asked, *pairs, granted=granted)
    return str(refusal.value)


@pytest.mark.parametrize("resets_in", [60, 9 * 86400])
def test_a_quota_of_none_says_so_and_nothing_of_a_reset(resets_in: float) -> None:
    said = refusal_of(ask(), (window(LimitKind.EVERYONE, 0, resets_in), 0))
    assert said == "This server’s quota allows no pictures."


def test_more_than_ever_holds_is_told_how_many_may_be_asked_for_at_once() -> None:
    said = refusal_of(ask(5), (window(LimitKind.MEMBER, 2), 0))
    assert said == (
        "Your own quota here is 2 pictures per day; 2 left, 5 asked for. At most 2 at once are "
        f"possible, even after it resets <t:{NOW + 60:.0f}:R>."
    )
    granted = refusal_of(ask(6), (window(LimitKind.MEMBER, 2), 1), granted=3)
    assert "4 left, 6 asked for. At most 5 at once" in granted
    later = refusal_of(ask(5), (window(LimitKind.MEMBER, 2), 1), granted=3)
    assert later.endswith(f"4 left, 5 asked for. It resets <t:{NOW + 60:.0f}:R>.")
    costly = refusal_of(ask(9, 1.0), (window(LimitKind.BUDGET_USD, 5), 2))
    assert "3.00 USD left, and this counts as 9.00 USD. That is more than all of it" in costly


def test_a_bound_that_no_waiting_helps_against_is_named_before_one_that_resets_later() -> None:
    never, late = window(LimitKind.EVERYONE, 2, 60), window(LimitKind.BUDGET_IMAGES, 9, 9999)
    assert refusal_of(ask(3), (never, 0), (late, 9)).startswith("This server’s quota is 2")
    with pytest.raises(PictureBudgetSpent):
        decide(ask(2), (never, 1), (late, 9))


@pytest.mark.parametrize(("used", "limit"), [(49.98, 50.0), (50.0, 50.0), (0.0, 0.01), (0.0, 0.0)])
def test_no_member_reads_how_much_the_operator_pays_in_all(used: float, limit: float) -> None:
    said = refusal_of(ask(), (window(LimitKind.ACCOUNT_USD, limit), used))
    assert "50" not in said
    assert "0.01" not in said
    assert (f"{limit - used:.2f} USD is left of the monthly budget set by" in said) == (limit >= 50)
    assert ("It resets <t:" in said) == (limit >= 50)


def test_sums_of_prices_that_reach_a_limit_exactly_only_have_to_wait() -> None:
    asked = ask(3, 0.1)  # 0.30000000000000004
    said = refusal_of(asked, (window(LimitKind.BUDGET_USD, 0.3), 0.1))
    assert "It resets <t:" in said


@pytest.mark.parametrize(
    ("limit", "used", "percent", "is_spent"),
    [
        (0.4, 0.08 * 4, 80, False),
        (1000, 999, 99, False),
        (0.3, 0.1 * 3, 100, True),
        (0, 0, 100, True),
    ],
)
def test_only_what_is_used_to_the_last_is_a_hundred_percent(
    limit: float, used: float, percent: int, *, is_spent: bool
) -> None:
    use = Use(window(LimitKind.BUDGET_USD, limit), used)
    assert (use.percent, use.is_spent) == (percent, is_spent)


def test_sums_of_prices_may_reach_a_limit_exactly() -> None:
    used = sum([0.1] * 2)
    account = window(LimitKind.ACCOUNT_USD, 0.3)
    assert decide(ask(1, 0.1), (account, used)).nearing == (Use(account, pytest.approx(0.3)),)


def test_free_pictures_are_made_though_the_money_is_spent() -> None:
    assert decide(ask(9, 0.0), (window(LimitKind.ACCOUNT_USD, 5), 6)) == Taken()


@pytest.mark.parametrize(("used", "warns"), [(6, False), (7, True), (8, True), (9, True)])
def test_a_budget_warns_from_four_fifths_on(used: int, warns: bool) -> None:  # noqa: FBT001 - a column
    budget = window(LimitKind.BUDGET_IMAGES, 10)
    assert decide(ask(), (budget, used)).nearing == ((Use(budget, used + 1),) if warns else ())


@pytest.mark.parametrize("kind", [kind for kind in LimitKind if not kind.traits.is_budget])
def test_nothing_but_budgets_warns(kind: LimitKind) -> None:
    assert decide(ask(), (window(kind, 10), 9)).nearing == ()


def test_what_takes_nothing_of_a_budget_does_not_warn_of_it() -> None:
    money, images = window(LimitKind.BUDGET_USD, 5), window(LimitKind.BUDGET_IMAGES, 10)
    assert decide(ask(1, 0.0), (money, 4.9), (images, 9)).nearing == (Use(images, 10),)


def test_what_is_used_is_told_of_pictures_with_the_ask_in_it_and_never_of_money() -> None:
    money, own = window(LimitKind.BUDGET_USD, 5), window(LimitKind.MEMBER, 10)
    taken = decide(ask(4, 0.1), (money, 1), (own, 8), granted=5)
    assert taken.uses == (Use(own, 12),)
    assert (taken.from_grant, taken.granted) == (2, 3)


def test_jobs_taken_for_together_share_the_extra_pictures_and_the_first_one_warns() -> None:
    own, budget = window(LimitKind.MEMBER, 3), window(LimitKind.BUDGET_IMAGES, 6)
    taken = decide(ask(6), (own, 0), (budget, 0), granted=4)
    shares = share(taken, [2, 2, 2])
    assert [each.from_grant for each in shares] == [2, 1, 0]
    assert [bool(each.nearing) for each in shares] == [True, False, False]
    assert {each.granted for each in shares} == {1}
    assert {each.uses for each in shares} == {taken.uses}


def test_the_operators_bounds_are_told_apart_from_the_moderators() -> None:
    ceilings = {LimitKind.USER_CEILING, LimitKind.GUILD_CEILING, LimitKind.ACCOUNT_USD}
    assert {kind for kind in LimitKind if kind.traits.is_operators} == ceilings


def test_five_refusals_in_an_hour_pause_for_an_hour() -> None:
    times = (NOW - 10, NOW - 20, NOW - 30, NOW - 40, NOW - 3600)
    assert barred_until(times) == NOW - 10 + 3600
    assert barred_until(times[:4]) == 0
    assert barred_until((*times[:4], NOW - 3611)) == 0
    words = rf"none are taken now\. Requests are taken again <t:{NOW + 3590:.0f}:R>\.$"
    with pytest.raises(SubmittingPaused, match=words):
        take(ask(), Allowance(watches_refusals=True), Counts(refused_at=times), NOW)
    later = NOW + 3590
    assert take(ask(), Allowance(), Counts(refused_at=times), later) == Taken()
