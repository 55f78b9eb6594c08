"""What is told of budgets and packages, word by word where it matters."""

import pytest

from bot.chat.posting.notices import budget_notice, ceiling_notice, package_notice
from bot.domain.quotas.allowances import LimitWindow, Use
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.packages import PackageEnd, PackageUse

RESETS_AT = 1_800_000_000.0
LONGEST = 2000  # characters of a message (Discord docs, 2026-08)


def use(kind: LimitKind, limit: float, used: float, assumed: float = 0.0) -> Use:
    return Use(LimitWindow(kind, limit, "month", RESETS_AT - 100, RESETS_AT), used, assumed)


@pytest.mark.parametrize(
    ("kind", "limit", "used", "words"),
    [
        (LimitKind.BUDGET_IMAGES, 10, 8, "8 of 10 pictures per month (80 %)"),
        (LimitKind.BUDGET_IMAGES, 1000, 999, "999 of 1000 pictures per month (99 %)"),
        (LimitKind.BUDGET_USD, 9.5, 7.64, "7.64 of 9.50 USD per month (80 %)"),
    ],
)
def test_moderators_read_what_is_used_when_it_resets_what_follows_and_what_to_do(
    kind: LimitKind, limit: float, used: float, words: str
) -> None:
    said = budget_notice(use(kind, limit, used))
    assert said.startswith(f"**This server’s budget is nearly used up:** {words}, ")
    assert "resets <t:1800000000:R>" in said
    assert "new requests are refused until then" in said
    assert "`/settings budget`" in said


def test_what_is_used_up_is_not_called_nearly_so() -> None:
    said = budget_notice(use(LimitKind.BUDGET_IMAGES, 1, 1))
    assert said.startswith("**This server’s budget is used up:** 1 of 1 picture per month (100 %)")
    assert "\nIt resets <t:1800000000:R>. New requests are refused until then; what" in said
    told = ceiling_notice(use(LimitKind.ACCOUNT_USD, 0.3, 0.1 * 3))
    assert told.startswith("**Easel’s budget is used up:** 0.30 of 0.30 USD per month (100 %)")
    assert "\nIt resets <t:1800000000:R>. What has a price is refused" in told


def test_the_operator_reads_which_setting_it_is_and_where_the_spending_stands() -> None:
    said = ceiling_notice(use(LimitKind.ACCOUNT_USD, 50.0, 40.12))
    assert said.startswith("**Easel’s budget is nearly used up:** 40.12 of 50.00 USD per month (80")
    assert "(80 %), for all servers together" in said
    assert "Once it is used up, what has a price is refused" in said
    for words in ("<t:1800000000:R>", "`account_usd_per_month`", "easel.toml", "`easel usage`"):
        assert words in said


def test_what_is_assumed_of_a_sum_is_told_with_where_it_comes_from() -> None:
    assert "assumed" not in ceiling_notice(use(LimitKind.ACCOUNT_USD, 50.0, 40.0))
    told = ceiling_notice(use(LimitKind.ACCOUNT_USD, 50.0, 40.0, 12.6))
    assert "12.60 USD of it are assumed, for engines without a `price_usd`" in told
    assert "12.60 USD of it are assumed" in budget_notice(use(LimitKind.BUDGET_USD, 50, 40, 12.6))


def test_no_notice_pings_or_is_too_long_for_a_message() -> None:
    huge = use(LimitKind.ACCOUNT_USD, 1e12, 9e11, 9e11)
    for said in (budget_notice(huge), ceiling_notice(huge)):
        assert "<@" not in said
        assert "@everyone" not in said
        assert len(said) < LONGEST


def test_the_operator_reads_which_package_what_is_left_and_what_to_do() -> None:
    use = PackageUse("aiart until 2027-11-01", 50, 40, RESETS_AT)
    low, expiring = package_notice(use, PackageEnd.LOW), package_notice(use, PackageEnd.EXPIRING)
    assert low.startswith("**A package of the cloud account is nearly used up:** aiart until 2027")
    assert "expires <t:1800000000:R>:**" in expiring
    gone = package_notice(PackageUse("aiart until 2027-11-01", 50, 50, RESETS_AT), PackageEnd.LOW)
    assert "is used up:**" in gone
    assert "0 of 50 left. Pictures cost money from now on." in gone
    for said in (low, expiring):
        assert "10 of 50 left" in said
        assert "`[[packages]]` in easel.toml" in said
