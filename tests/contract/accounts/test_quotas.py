"""Quotas on both databases: exact under load, refunded to their period, kept as moderators set."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.guilds.settings import GuildSettings
from bot.domain.jobs.endings import Ending, failed
from bot.domain.jobs.job import JobState, Order
from bot.domain.provider_errors import Moderated
from bot.domain.quotas.allowances import (
    LimitWindow,
    QuotaRequest,
    Use,
    quota_request_of,
)
from bot.domain.quotas.errors import QuotaSpent, SubmittingPaused
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.quota import Ceilings, Period, Policy, Rule, Scope
from bot.ports.queue import Accepted
from bot.services.quotas import Quotas
from storage import Storage, open_storage
from tests.contract.accounts.limited import GUILD, MEMBER, accept, counts, make, under, window
from tests.contract.orders import NOW, claimed, order

FAILED = Ending(JobState.FAILED, error_code="ServerFault")


async def check(storage: Storage, asked: Order, *windows: LimitWindow, now: float = NOW) -> None:
    """Look before any work, as the service does."""
    quotas = Quotas(
        store=storage.quotas, ceilings=Ceilings(), alias_of=lambda who: -who, now=lambda: now
    )
    await quotas.check(asked.id, quota_request_of(asked), under(*windows))


@pytest.mark.parametrize("kind", [kind for kind in LimitKind if not kind.traits.is_money])
async def test_ten_simultaneous_requests_on_a_quota_of_one_give_one_picture(
    storage: Storage, kind: LimitKind
) -> None:
    answers = await asyncio.gather(
        *(accept(storage, order(n), window(kind, 1)) for n in range(10)), return_exceptions=True
    )
    assert sum(isinstance(answer, Accepted) for answer in answers) == 1
    assert sum(isinstance(answer, QuotaSpent) for answer in answers) == 9
    assert len(await storage.usage.rows(0)) == 1


async def test_members_of_one_server_at_once_cannot_overdraw_its_budget(storage: Storage) -> None:
    budget = window(LimitKind.BUDGET_USD, 0.25)
    orders = [order(n, user=n) for n in range(10)]
    answers = await asyncio.gather(
        *(accept(storage, each, budget) for each in orders), return_exceptions=True
    )
    assert sum(isinstance(answer, Accepted) for answer in answers) == 3


@pytest.mark.parametrize("kind", [LimitKind.BUDGET_USD, LimitKind.ACCOUNT_USD])
async def test_budgets_bind_what_nobody_knows_the_price_of_and_warn_with_what_is_assumed(
    storage: Storage, kind: LimitKind
) -> None:
    budget = window(kind, 0.4)
    unknown = {"price_usd": 0.0, "assumed_usd": 0.15}
    priced = await accept(storage, order(1, price_usd=0.1), budget)
    assert priced.warnings == ()
    last = await accept(storage, order(2, count=2, **unknown), budget)
    assert last.warnings == (Use(budget, pytest.approx(0.4), pytest.approx(0.3)),)
    with pytest.raises(QuotaSpent, match=r"0\.15 USD"):
        await accept(storage, order(3, **unknown), budget)
    with pytest.raises(QuotaSpent):
        await check(storage, order(3, **unknown), budget)
    assert (await accept(storage, order(4, price_usd=0.0), budget)).is_new, "that is free"


async def test_a_refused_request_leaves_nothing_behind(storage: Storage) -> None:
    with pytest.raises(QuotaSpent):
        await accept(storage, order(count=2), window(LimitKind.EVERYONE, 1))
    assert await storage.jobs.find(order().id) is None
    assert await storage.usage.rows(0) == []


async def test_a_repeat_of_an_accepted_request_is_never_refused(storage: Storage) -> None:
    one = window(LimitKind.EVERYONE, 1)
    await accept(storage, order(), one)
    await check(storage, order(), one)
    assert not (await accept(storage, order(), one)).is_new
    with pytest.raises(QuotaSpent):
        await check(storage, order(2), one)


async def test_each_bound_counts_its_own_rows(storage: Storage) -> None:
    mine, elsewhere = order(1, count=1), order(2, guild=2, count=2)
    anothers, direct = order(3, user=2, count=4), order(4, guild=None, count=8)
    for each in (mine, elsewhere, anothers, direct):
        await accept(storage, each)
    found = await counts(storage, *(window(kind, 0) for kind in LimitKind))
    used = dict(zip(LimitKind, found.used, strict=True))
    assert used[LimitKind.MEMBER] == used[LimitKind.ROLE] == used[LimitKind.EVERYONE] == 1
    assert used[LimitKind.USER_CEILING] == 1 + 2 + 8
    assert used[LimitKind.GUILD_CEILING] == used[LimitKind.BUDGET_IMAGES] == 1 + 4
    assert used[LimitKind.BUDGET_USD] == pytest.approx(5 * 0.08)
    assert used[LimitKind.ACCOUNT_USD] == pytest.approx(15 * 0.08)


async def test_in_direct_messages_the_members_own_rows_count(storage: Storage) -> None:
    ask = QuotaRequest(None, MEMBER, 1, 0.08)
    await accept(storage, order(guild=None))
    found = await storage.quotas.count(ask, under(window(LimitKind.USER_CEILING, 1)), NOW)
    assert (found.used, found.granted) == ((1.0,), 0)


async def test_money_is_reserved_then_settled_at_what_it_cost(storage: Storage) -> None:
    account = window(LimitKind.ACCOUNT_USD, 0)
    await accept(storage, order(count=3))
    assert (await counts(storage, account)).used == (pytest.approx(0.24),)
    await make(storage, order(), made=2)
    assert (await counts(storage, account)).used == (pytest.approx(0.16),)


async def test_a_refund_goes_back_to_the_period_it_was_taken_from(storage: Storage) -> None:
    today, tomorrow = window(LimitKind.EVERYONE, 2, NOW), window(LimitKind.EVERYONE, 2, NOW + 500)
    await accept(storage, order(1, count=2), today)
    with pytest.raises(QuotaSpent):
        await accept(storage, order(2), today)
    await accept(storage, order(3, count=2), tomorrow, now=NOW + 501)
    _, lease = await claimed(storage, now=NOW + 600)
    assert lease.job_id == order(1).id
    await storage.jobs.end(lease, FAILED, NOW + 601)
    with pytest.raises(QuotaSpent):
        await accept(storage, order(4), tomorrow, now=NOW + 602)
    assert (await counts(storage, today, tomorrow)).used == (2.0, 2.0)
    assert (await accept(storage, order(5), replace(today, limit=3), now=NOW + 603)).is_new


async def test_a_budget_warns_once_in_its_period(storage: Storage) -> None:
    budget = window(LimitKind.BUDGET_IMAGES, 5)
    assert (await accept(storage, order(1, count=3), budget)).warnings == ()
    assert (await accept(storage, order(2), budget)).warnings == (Use(budget, 4),)
    for _ in range(2):
        _, lease = await claimed(storage)
        await storage.jobs.end(lease, FAILED, NOW)
    assert (await accept(storage, order(3, count=4), budget)).warnings == ()
    later = window(LimitKind.BUDGET_IMAGES, 5, since=NOW + 50)
    again = await accept(storage, order(4, count=4), later, now=NOW + 60)
    assert again.warnings == (Use(later, 4),)


async def test_two_processes_together_warn_once_of_each_budget(
    storage: Storage, url: str, tmp_path: Path
) -> None:
    own, account = window(LimitKind.BUDGET_IMAGES, 10), window(LimitKind.ACCOUNT_USD, 0.6)
    async with open_storage(url, tmp_path) as other:
        answers = await asyncio.gather(
            *(accept((storage, other)[n % 2], order(n), own, account) for n in range(10)),
            return_exceptions=True,
        )
    taken = [answer for answer in answers if isinstance(answer, Accepted)]
    assert len(taken) == 7, "the account's 0.60 USD are seven pictures"
    warned = [use.window for answer in taken for use in answer.warnings]
    assert warned == [account], "seven of ten pictures are less than four fifths"


async def test_a_servers_budgets_warn_apart_and_the_accounts_once_for_all(
    storage: Storage,
) -> None:
    here = [window(LimitKind.BUDGET_IMAGES, 1), window(LimitKind.BUDGET_USD, 0.1)]
    account = window(LimitKind.ACCOUNT_USD, 0.3)
    first = await accept(storage, order(1), *here, account)
    assert first.warnings == (Use(here[0], 1), Use(here[1], pytest.approx(0.08)))
    second = await accept(storage, order(2, guild=2), *here, account)
    assert [use.window for use in second.warnings] == here
    third = await accept(storage, order(3, guild=None), account)
    assert third.warnings == (Use(account, pytest.approx(0.24)),)
    assert (await accept(storage, order(4, guild=3, price_usd=0.01), account)).warnings == ()


async def test_a_budget_set_anew_warns_anew(storage: Storage) -> None:
    small, large = window(LimitKind.BUDGET_IMAGES, 5), window(LimitKind.BUDGET_IMAGES, 10)
    assert (await accept(storage, order(1, count=4), small)).warnings == (Use(small, 4),)
    assert (await accept(storage, order(2, count=3), large)).warnings == ()
    assert (await accept(storage, order(3), large)).warnings == (Use(large, 8),)
    lower = window(LimitKind.BUDGET_IMAGES, 9)
    assert (await accept(storage, order(4), lower)).warnings == (Use(lower, 9),)


@pytest.mark.parametrize("kind", [kind for kind in LimitKind if kind.traits.is_budget])
async def test_a_warning_that_was_not_told_is_given_again(
    storage: Storage, kind: LimitKind
) -> None:
    budget = window(kind, 0.8 if kind.traits.is_money else 10)
    later, elsewhere = replace(budget, since=NOW - 50), order(guild=9).destination.guild_id

    async def warns(number: int, count: int = 1) -> bool:
        return bool((await accept(storage, order(number, count=count), budget)).warnings)

    assert not await warns(1, count=7)
    assert await warns(2)
    await storage.warnings.forget(GUILD, later)
    if not kind.traits.is_operators:
        await storage.warnings.forget(elsewhere, budget)
    assert not await warns(3)
    await storage.warnings.forget(GUILD, budget)
    assert await warns(4)


async def test_five_refusals_by_review_pause_a_member_for_an_hour(storage: Storage) -> None:
    for number in range(1, 6):
        await accept(storage, order(number))
        job, lease = await claimed(storage)
        what = "result" if number % 2 else "prompt"
        await storage.jobs.end(lease, failed(job, Moderated(what=what)), NOW + number)
    with pytest.raises(SubmittingPaused) as refusal:
        await accept(storage, order(6), now=NOW + 100)
    assert refusal.value.facts["resets_at"] == NOW + 5 + 3600
    with pytest.raises(SubmittingPaused):
        await check(storage, order(6), now=NOW + 100)
    assert (await accept(storage, order(7, user=2), now=NOW + 100)).is_new
    assert (await accept(storage, order(8), now=NOW + 5 + 3601)).is_new


async def test_rules_and_settings_read_back_as_they_were_set(storage: Storage) -> None:
    store, settings = storage.quotas, storage.guild_settings
    assert await store.policy(GUILD) == Policy()
    rule = Rule(Scope.ROLE, GUILD + 5, Period.WEEK, 7)
    other = Rule(Scope.EVERYONE, 0, Period.DAY, -1)
    await store.set_rule(GUILD, replace(rule, images=3), by=1, now=NOW)
    await store.set_rule(GUILD, rule, by=1, now=NOW)
    await store.set_rule(GUILD, other, by=1, now=NOW)
    await store.set_rule(GUILD + 1, other, by=1, now=NOW)
    kept = GuildSettings("Europe/Berlin", 9, 1.5)
    await settings.change(GUILD, lambda _: kept, by=1, now=NOW)
    assert await store.policy(GUILD) == Policy((other, rule), kept)


async def test_rules_are_cleared_by_period_or_all(storage: Storage) -> None:
    store = storage.quotas
    for period in Period:
        await store.set_rule(GUILD, Rule(Scope.MEMBER, 5, period, 1), by=1, now=NOW)
    await store.set_rule(GUILD, Rule(Scope.ROLE, 5, Period.DAY, 1), by=1, now=NOW)
    assert await store.clear_rules(GUILD, (Scope.MEMBER, 5), Period.DAY, by=9, now=NOW) == 1
    assert await store.clear_rules(GUILD, (Scope.MEMBER, 5), Period.DAY, by=9, now=NOW) == 0
    assert await store.clear_rules(GUILD, (Scope.MEMBER, 5), None, by=9, now=NOW) == 3
    assert [rule.scope for rule in (await store.policy(GUILD)).rules] == [Scope.ROLE]


async def test_being_put_back_because_the_api_is_busy_is_no_fault(storage: Storage) -> None:
    await accept(storage, order())
    for is_fault, faults in ((False, 0), (True, 1), (False, 1), (True, 2)):
        _, lease = await claimed(storage)
        assert await storage.jobs.requeue(lease, 0, is_fault=is_fault)
        job = await storage.jobs.find(order().id)
        assert job is not None
        assert job.faults == faults
    assert job.attempt == 4
