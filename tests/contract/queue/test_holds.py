"""Jobs that moderators hold back, on both databases: in place, out of everybody's way."""

import asyncio

import pytest

from bot.domain.errors import TooManyWaiting
from bot.domain.jobs.job import Cancel, HoldKind, Job, JobState, Order
from bot.domain.jobs.limits import RunLimits
from bot.domain.moderation.acts import ActKind
from storage import Storage
from tests.contract.orders import LIMITS, NOW, accept, claim, claimed, ids_claimed, order

MODERATOR = 77
TWO_EACH = RunLimits(pools={"aiart": 3}, per_guild=3, per_user=3, queued_per_user=2)


async def held(storage: Storage, job: Order, now: float = NOW + 10) -> None:
    assert await storage.holds.hold(job.id, MODERATOR, now)


async def found(storage: Storage, job: Order) -> Job:
    job_now = await storage.jobs.find(job.id)
    assert job_now is not None
    return job_now


async def test_a_held_job_stays_queued_and_is_not_started(storage: Storage) -> None:
    await accept(storage, order(1), order(2))
    await held(storage, order(1))
    job = await found(storage, order(1))
    assert (job.state, job.held_for, job.held_at) == (
        JobState.QUEUED,
        HoldKind.MODERATOR,
        NOW + 10,
    )
    assert await ids_claimed(storage) == [order(2).id]
    assert (await storage.jobs.agenda(["aiart"], NOW + 100)).pools == ()


async def test_a_released_job_starts_in_its_place_in_time(storage: Storage) -> None:
    await accept(storage, order(1), order(2), order(3))
    await held(storage, order(1))
    assert await storage.holds.release(order(1).id, MODERATOR, NOW + 20)
    assert await ids_claimed(storage) == [order(1).id, order(2).id, order(3).id]


async def test_the_clock_of_its_wait_stands_still(storage: Storage) -> None:
    await accept(storage, order())
    await held(storage, order(), NOW + 100)
    late = NOW + 10 * LIMITS.max_wait_s
    assert await storage.jobs.rescue(late) == 0
    assert await claim(storage, now=late) is None
    assert (await found(storage, order())).state is JobState.QUEUED
    await storage.holds.release(order().id, MODERATOR, late)
    until = late + LIMITS.max_wait_s - 100
    assert (await found(storage, order())).deadline_at == until
    assert await storage.jobs.rescue(until + 1) == 1
    assert (await found(storage, order())).state is JobState.EXPIRED


async def test_what_is_held_counts_against_nobody(storage: Storage) -> None:
    for number in (1, 2):
        await storage.jobs.accept(order(number), TWO_EACH, NOW + number)
    with pytest.raises(TooManyWaiting):
        await storage.jobs.accept(order(3), TWO_EACH, NOW + 3)
    await held(storage, order(1))
    accepted = await storage.jobs.accept(order(3), TWO_EACH, NOW + 20)
    assert accepted.ahead == 1
    overview = await storage.operations.overview(NOW + 30)
    assert (overview.waiting, overview.held, overview.oldest_at) == (2, 1, NOW + 2)
    line = await storage.jobs.line("aiart")
    assert [job.held_for for job in line.jobs] == [HoldKind.MODERATOR, None, None]


async def test_a_hold_is_refused_where_nothing_waits_and_a_release_where_none_holds(
    storage: Storage,
) -> None:
    await accept(storage, order(1), order(2), order(3))
    await claimed(storage)
    assert not await storage.holds.hold(order(1).id, MODERATOR, NOW + 101)
    assert not await storage.holds.hold(order(9).id, MODERATOR, NOW + 101)
    assert not await storage.holds.hold(order(2).id, MODERATOR, NOW + LIMITS.max_wait_s + 9)
    await held(storage, order(3))
    assert not await storage.holds.hold(order(3).id, MODERATOR, NOW + 11)
    assert not await storage.holds.release(order(2).id, MODERATOR, NOW + 11)
    acts = await storage.audit.latest(order().destination.guild_id or 0, 9)
    assert [act.target for act in acts] == [order(3).id]


async def test_a_task_that_is_at_work_at_the_api_is_not_held(storage: Storage) -> None:
    await accept(storage, order(pool="vod", is_resumable=True))
    _, lease = await claimed(storage, pool="vod")
    await storage.jobs.record_sent(lease, NOW + 101)
    await storage.jobs.record_task(lease, "task")
    await storage.jobs.requeue(lease, NOW + 105)
    assert not await storage.holds.hold(order().id, MODERATOR, NOW + 102)


async def test_a_held_job_may_be_cancelled_and_nothing_of_the_hold_is_left(
    storage: Storage,
) -> None:
    await accept(storage, order())
    await held(storage, order())
    outcome = await storage.jobs.cancel(order().id, MODERATOR, NOW + 20, if_sent=False)
    assert outcome is Cancel.ENDED
    job = await found(storage, order())
    assert (job.state, job.held_at, job.held_for) == (JobState.CANCELLED, None, None)


async def test_a_claim_and_a_hold_at_once_are_one_of_the_two(storage: Storage) -> None:
    for number in range(1, 9):
        await accept(storage, order(number, user=number))
        job, is_held = await asyncio.gather(
            claim(storage, now=NOW + 5),
            storage.holds.hold(order(number, user=number).id, MODERATOR, NOW + 5),
        )
        assert (job is None) == is_held
        if job is not None:
            await storage.jobs.cancel(job.id, 1, NOW + 6, if_sent=True)


async def test_two_moderators_at_once_are_one_act(storage: Storage) -> None:
    await accept(storage, order())
    both = [storage.holds.hold(order().id, by, NOW + 5) for by in (7, 8)]
    assert sorted(await asyncio.gather(*both)) == [False, True]
    both = [storage.holds.release(order().id, by, NOW + 6) for by in (7, 8)]
    assert sorted(await asyncio.gather(*both)) == [False, True]
    acts = await storage.audit.latest(order().destination.guild_id or 0, 9)
    assert [act.kind for act in acts] == [ActKind.JOB_RELEASED, ActKind.JOB_HELD]
    assert {act.member for act in acts} == {order().destination.user_id}


async def test_the_ledger_says_what_is_held_as_long_as_it_is(storage: Storage) -> None:
    await accept(storage, order(1), order(2))
    await held(storage, order(1))
    assert [row.held for row in await storage.usage.rows(0)] == [True, False]
    await storage.jobs.cancel(order(1).id, 1, NOW + 20, if_sent=False)
    assert [row.held for row in await storage.usage.rows(0)] == [False, False]
