"""Jobs that wait for a moderator's yes, on both databases: reserved, never sent, decided once."""

import asyncio

import pytest

from bot.domain.errors import TooManyWaiting
from bot.domain.jobs.job import HoldKind, Job, JobState, Order
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.reasons.causes import Cause
from bot.domain.jobs.reasons.denial import Denial, DenyReason
from bot.domain.jobs.reasons.reason import Reason
from bot.domain.moderation.acts import ActKind
from bot.domain.moderation.approvals import WAITS_S
from bot.domain.quotas.allowances import Allowance
from storage import Storage
from tests.contract.orders import LIMITS, NOW, accept, claim, ids_claimed, order, why_of

MODERATOR = 77
NEW = Allowance(needs_approval=True)
NO = Denial(DenyReason.RULES, "No faces.")
TWO_EACH = RunLimits(pools={"aiart": 3}, per_guild=3, per_user=3, queued_per_user=2)


async def asked(storage: Storage, *orders: Order, now: float = NOW) -> None:
    for number, each in enumerate(orders):
        await storage.jobs.accept(each, LIMITS, now + number, NEW)


async def found(storage: Storage, job: Order) -> Job:
    job_now = await storage.jobs.find(job.id)
    assert job_now is not None
    return job_now


async def test_it_is_reserved_and_waits_with_a_deadline_of_its_own(storage: Storage) -> None:
    await asked(storage, order())
    job = await found(storage, order())
    assert (job.state, job.held_for) == (JobState.QUEUED, HoldKind.APPROVAL)
    assert job.deadline_at == NOW + WAITS_S
    [row] = await storage.usage.rows(0)
    assert (row.images, row.held, row.state) == (1, True, "queued")
    assert await claim(storage) is None
    [(approval, waiting)] = await storage.approvals.unasked()
    assert (approval.job_id, approval.asked_at, waiting.id) == (job.id, NOW, job.id)


async def test_no_servers_questions_wait_behind_the_many_of_another(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.queue.holding.approvals._AT_ONCE", 2)
    many = [order(number, guild=1) for number in (1, 2, 3)]
    await asked(storage, *many, order(4, guild=2))
    unasked = [job.id for _, job in await storage.approvals.unasked()]
    assert unasked == [order(1).id, order(4).id]
    left = await storage.approvals.unasked(but=[many[0].destination.guild_id or 0])
    assert [job.id for _, job in left] == [order(4).id]
    left = await storage.approvals.unasked(nor=[many[0].id])
    assert [job.id for _, job in left] == [many[1].id, order(4).id]


async def test_a_yes_lets_it_wait_for_its_turn_in_its_place_in_time(storage: Storage) -> None:
    await asked(storage, order(1))
    await accept(storage, order(2), order(3), now=NOW + 1)
    decision = await storage.approvals.decide(order(1).id, MODERATOR, NOW + 50, None)
    assert decision is not None
    assert (decision.is_new, decision.approval.is_approved) == (True, True)
    assert (await found(storage, order(1))).deadline_at == NOW + 50 + LIMITS.max_wait_s
    assert await ids_claimed(storage) == [order(number).id for number in (1, 2, 3)]
    [act] = await storage.audit.latest(order().destination.guild_id or 0, 9)
    assert (act.kind, act.by, act.target) == (ActKind.APPROVED, MODERATOR, order(1).id)
    assert act.member == order().destination.user_id


async def test_a_no_ends_it_with_a_refund_and_its_reason(storage: Storage) -> None:
    await asked(storage, order())
    await storage.approvals.decide(order().id, MODERATOR, NOW + 50, NO)
    job = await found(storage, order())
    assert (job.state, job.cause, job.held_for) == (JobState.CANCELLED, Cause.DENIED, None)
    assert job.reason == Reason("NotApprovedBecause", {"reason": "rules", "text": "No faces."})
    assert job.is_cancelled_by_moderator
    [act] = await storage.audit.latest(order().destination.guild_id or 0, 9)
    assert (act.kind, act.after, act.reason) == (ActKind.DENIED, "rules", "No faces.")
    [row] = await storage.usage.rows(0)
    assert (row.refunded, row.cost_usd, row.images) == (True, 0.0, 0)
    told = await storage.jobs.claim_delivery("w", NOW + 60, 20.0)
    assert told is not None


async def test_what_nobody_looks_at_expires_after_a_day_with_its_own_sentence(
    storage: Storage,
) -> None:
    await asked(storage, order())
    assert await storage.jobs.rescue(NOW + WAITS_S - 1) == 0
    late = NOW + WAITS_S + 1
    decision = await storage.approvals.decide(order().id, MODERATOR, late, None)
    assert decision is not None
    assert not decision.is_new
    assert await storage.jobs.rescue(late) == 1
    job = await found(storage, order())
    assert job.state is JobState.EXPIRED
    assert why_of(job).startswith("No moderator looked at it within 24 hours.")
    [(approval, _)] = await storage.approvals.ended()
    await storage.approvals.close(approval.job_id, late)
    assert await storage.approvals.ended() == []


async def test_two_moderators_at_once_are_one_act(storage: Storage) -> None:
    orders = [order(number) for number in range(1, 5)]
    await asked(storage, *orders)
    for each in orders:
        decide = storage.approvals.decide
        both = (decide(each.id, 7, NOW + 50, None), decide(each.id, 8, NOW + 50, NO))
        decisions = [decision for decision in await asyncio.gather(*both) if decision]
        assert sorted(decision.is_new for decision in decisions) == [False, True]
        assert len({decision.approval.decided_by for decision in decisions}) == 1
    assert len(await storage.audit.latest(order().destination.guild_id or 0, 9)) == len(orders)


async def test_a_moderators_hold_and_release_are_no_yes(storage: Storage) -> None:
    await asked(storage, order())
    assert not await storage.holds.hold(order().id, MODERATOR, NOW + 1)
    assert not await storage.holds.release(order().id, MODERATOR, NOW + 1)
    assert await claim(storage) is None


async def test_waiting_for_a_yes_counts_by_itself(storage: Storage) -> None:
    for number in (1, 2):
        await storage.jobs.accept(order(number), TWO_EACH, NOW, NEW)
    with pytest.raises(TooManyWaiting):
        await storage.jobs.accept(order(3), TWO_EACH, NOW, NEW)
    assert (await storage.jobs.accept(order(4), TWO_EACH, NOW)).is_new


async def test_where_it_was_asked_is_kept_and_what_is_cancelled_is_no_longer_asked(
    storage: Storage,
) -> None:
    await asked(storage, order(1), order(2))
    await storage.approvals.record_try(order(1).id, 500)
    [(first, _), _] = await storage.approvals.unasked()
    assert (first.channel_id, first.message_id) == (500, None)
    await storage.approvals.record_asked(order(1).id, 500, 600)
    assert [each.job_id for each, _ in await storage.approvals.unasked()] == [order(2).id]
    for number in (1, 2):
        await storage.jobs.cancel(order(number).id, 1, NOW + 9, if_sent=False)
    assert await storage.approvals.unasked() == []
    assert len(await storage.approvals.ended()) == 2


async def test_a_job_that_needed_no_yes_has_nothing_to_decide(storage: Storage) -> None:
    await accept(storage, order())
    assert await storage.approvals.decide(order().id, MODERATOR, NOW, None) is None
    assert await storage.approvals.find(order().id) is None
