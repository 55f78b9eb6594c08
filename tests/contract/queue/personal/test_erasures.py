"""Erasing a person: words and links go, limits stand under an alias, on both databases."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from bot.domain.jobs.endings import done
from bot.domain.jobs.job import Options
from bot.domain.jobs.reasons.denial import Denial, DenyReason
from bot.domain.moderation.acts import Act, ActKind
from bot.domain.quotas.allowances import Allowance, LimitWindow, QuotaRequest
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.quota import Grant, Period, Rule, Scope
from storage import Storage
from storage.database.tables import metadata
from tests.contract.orders import LIMITS, NOW, TOKEN, accept, claimed, order

FIRST = 1_300_000_000_000_000_000
GUILD, ADA, BOB = FIRST + 1, FIRST + 11, FIRST + 12
ALIAS = -4711
SECRET = "a castle of my dreams"


async def lived(storage: Storage) -> None:
    """Ada made two pictures and moderated; Bob made one."""
    words = Options(prompt=SECRET, negative="crowds", count=2)
    await accept(storage, order(1, user=11, options=words), now=NOW)
    job, lease = await claimed(storage, limits=LIMITS, now=NOW + 1)
    await storage.jobs.record_drawn(lease, [f"{job.id}/raw/0"], None, NOW + 2)
    await storage.jobs.end(lease, done(job, 2), NOW + 2)
    await accept(storage, order(2, user=12), now=NOW)
    await storage.member_settings.keep(ADA, "remix", "no")
    member = Rule(Scope.MEMBER, ADA, Period.DAY, 5)
    await storage.quotas.set_rule(GUILD, member, BOB, NOW)
    await storage.quotas.set_rule(GUILD, Rule(Scope.EVERYONE, 0, Period.DAY, 9), ADA, NOW)
    await storage.quotas.add_grant(GUILD, Grant(ADA, 3, "kind", BOB), NOW)
    await storage.audit.record(Act(GUILD, ADA, ActKind.SETTING, NOW, target="remix"))


async def all_values(storage: Storage) -> list[Any]:
    async with storage.engine.connect() as conn:
        return [
            value
            for table in metadata.sorted_tables
            if table.name != "lanes"  # whose rows go as soon as nobody waits
            for row in await conn.execute(select(table))
            for value in row
        ]


async def used(storage: Storage, alias: int | None) -> tuple[float, int]:
    """How much of a day's limit Ada has used, and what is left of her grants."""
    window = LimitWindow(LimitKind.USER_CEILING, 20, "day", NOW - 3600, NOW + 3600)
    ask = QuotaRequest(GUILD, ADA, 1, 0.0)
    counts = await storage.quotas.count(ask, Allowance((window,), alias=alias), NOW + 10)
    return counts.used[0], counts.granted


async def test_nothing_names_an_erased_person_and_the_limits_stay(storage: Storage) -> None:
    await lived(storage)
    assert await used(storage, ALIAS) == (2, 3)
    erased = await storage.personal.erase(ADA, ALIAS, NOW + 5)
    assert (len(erased.jobs), erased.live) == (1, 0)
    values = await all_values(storage)
    assert ADA not in values
    assert not [value for value in values if SECRET in str(value) or "crowds" in str(value)]
    assert await used(storage, ALIAS) == (2, 3)
    assert await used(storage, None) == (0, 0)
    rules = {(rule.scope, rule.subject_id) for rule in (await storage.quotas.policy(GUILD)).rules}
    assert rules == {(Scope.MEMBER, ALIAS), (Scope.EVERYONE, 0)}
    [act, *_] = await storage.audit.latest(GUILD, 1)
    assert (act.kind, act.by) == (ActKind.SETTING, None)


async def test_others_keep_all_that_is_theirs(storage: Storage) -> None:
    await lived(storage)
    await storage.personal.erase(ADA, ALIAS, NOW + 5)
    [job] = await storage.jobs.of_member(BOB, 5)
    assert job.order.options.prompt == "as a watercolour"
    assert job.order.destination.token == TOKEN


async def test_what_is_used_afterwards_is_added_and_a_second_erasure_adds_it_up(
    storage: Storage,
) -> None:
    await lived(storage)
    await storage.personal.erase(ADA, ALIAS, NOW + 5)
    await accept(storage, order(3, user=11, count=4), now=NOW + 6)
    await storage.quotas.set_rule(GUILD, Rule(Scope.MEMBER, ADA, Period.DAY, 7), BOB, NOW + 6)
    assert (await used(storage, ALIAS))[0] == 6
    job, lease = await claimed(storage, limits=LIMITS, now=NOW + 7)
    while job.order.destination.user_id != ADA:
        job, lease = await claimed(storage, limits=LIMITS, now=NOW + 7)
    await storage.jobs.end(lease, done(job, 4), NOW + 8)
    await storage.personal.erase(ADA, ALIAS, NOW + 9)
    assert (await used(storage, ALIAS))[0] == 6
    rules = (await storage.quotas.policy(GUILD)).rules
    assert [rule.images for rule in rules if rule.scope is Scope.MEMBER] == [7]
    assert ADA not in await all_values(storage)


async def test_a_job_at_work_is_erased_once_it_has_ended(storage: Storage) -> None:
    await accept(storage, order(1, user=11, options=Options(prompt=SECRET)), now=NOW)
    job, lease = await claimed(storage, limits=LIMITS, now=NOW + 1)
    erased = await storage.personal.erase(ADA, ALIAS, NOW + 2)
    assert (erased.jobs, erased.live) == ((), 1)
    assert await storage.personal.unfinished() == [ADA]
    await storage.jobs.end(lease, done(job, 1), NOW + 3)
    assert (await used(storage, ALIAS))[0] == 1
    erased = await storage.personal.erase(ADA, ALIAS, NOW + 4)
    assert (erased.jobs, erased.live) == ((job.id,), 0)
    assert await storage.personal.unfinished() == []
    assert ADA not in await all_values(storage)
    assert (await used(storage, ALIAS))[0] == 1


async def test_what_moderators_decided_on_ones_own_requests_is_among_what_is_kept(
    storage: Storage,
) -> None:
    for number, user in ((1, 11), (2, 12)):
        new = Allowance(needs_approval=True)
        await storage.jobs.accept(order(number, user=user), LIMITS, NOW, new)
        denial = Denial(DenyReason.OTHER, f"No lakes, {number}.")
        await storage.approvals.decide(order(number).id, 77, NOW, denial)
    [row] = (await storage.personal.everything(ADA))["approvals"]
    assert (row["job_id"], row["is_approved"]) == (order(1).id, False)
    assert "decided_by" not in row


async def test_an_export_has_all_about_a_person_and_no_token_and_nobody_else(
    storage: Storage,
) -> None:
    await lived(storage)
    found = await storage.personal.everything(ADA)
    assert [row["prompt"] for row in found["jobs"]] == [SECRET]
    assert [row["images"] for row in found["ledger"]] == [2]
    assert [row["value"] for row in found["settings"]] == ["no"]
    assert [row["images"] for row in found["quotas"]] == [5]
    assert [row["reason"] for row in found["extra_pictures"]] == ["kind"]
    acts = [(row["act"], row["is_own_act"]) for row in found["acts_of_moderators"]]
    assert ("setting", True) in acts
    assert TOKEN not in str(found)
    assert str(BOB) not in str(found)
    [job] = await storage.personal.with_pictures(ADA)
    assert job.order.options == replace(job.order.options, prompt=SECRET)
