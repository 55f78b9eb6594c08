"""What every job store promises about cancels, the line, and a member's own jobs."""

import asyncio

from sqlalchemy import update

from bot.domain.jobs.endings import cancelled_sent, cancelled_unsent
from bot.domain.jobs.job import Cancel, JobState
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.line import places
from storage import Storage
from storage.database.tables import jobs
from tests.contract.orders import (
    LEASE_S,
    LIMITS,
    NOW,
    accept,
    claim,
    claimed,
    ids_claimed,
    order,
    why_of,
)

ONE_SLOT = RunLimits(pools={"aiart": 1}, per_guild=3, per_user=3)


async def ledger_of(storage: Storage) -> tuple[str, int, float, bool]:
    [row] = await storage.usage.rows(0)
    return row.state, row.images, row.cost_usd, row.refunded


async def test_a_waiting_job_ends_at_once_is_refunded_and_is_to_be_told(storage: Storage) -> None:
    job = order(count=2)
    await accept(storage, job)
    user = job.destination.user_id
    assert await storage.jobs.cancel(job.id, user, NOW + 5, if_sent=False) is Cancel.ENDED
    assert await ledger_of(storage) == ("cancelled", 0, 0.0, True)
    assert await claim(storage) is None
    notice = await storage.jobs.claim_delivery("w", NOW + 5, LEASE_S)
    assert notice is not None
    assert why_of(notice).startswith("You cancelled it before")


async def test_a_moderators_cancel_says_so(storage: Storage) -> None:
    await accept(storage, order())
    await storage.jobs.cancel(order().id, 99, NOW, if_sent=False)
    job = await storage.jobs.find(order().id)
    assert job is not None
    assert why_of(job).startswith("A moderator ")


async def test_a_paid_cancel_knows_who_it_was_also_after_its_worker_died(storage: Storage) -> None:
    for number, by in ((1, 99), (2, order().destination.user_id)):
        await accept(storage, order(number))
        job, lease = await claimed(storage)
        await storage.jobs.record_sent(lease, NOW)
        assert await storage.jobs.cancel(job.id, by, NOW, if_sent=True) is Cancel.MARKED
        assert await storage.jobs.cancel(job.id, 77, NOW, if_sent=True) is Cancel.MARKED
        await storage.jobs.rescue(NOW + 100 + LEASE_S + 1)
        ended = await storage.jobs.find(job.id)
        assert ended is not None
        assert ended.cancelled_by == by
        assert why_of(ended).startswith("A moderator ") == ended.is_cancelled_by_moderator
        assert ended.is_cancelled_by_moderator == (by == 99)


async def test_a_cancel_from_before_that_was_kept_reads_as_the_owners(storage: Storage) -> None:
    await accept(storage, order())
    job, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW)
    await storage.jobs.cancel(job.id, 99, NOW, if_sent=True)
    async with storage.engine.begin() as conn:
        await conn.execute(update(jobs).values(cancelled_by=None))
    await storage.jobs.rescue(NOW + 100 + LEASE_S + 1)
    ended = await storage.jobs.find(job.id)
    assert ended is not None
    assert why_of(ended).startswith("You cancelled it while the service")
    assert not ended.is_cancelled_by_moderator


async def test_a_claimed_job_that_was_not_sent_goes_as_a_waiting_one(storage: Storage) -> None:
    await accept(storage, order())
    job, lease = await claimed(storage)
    assert await storage.jobs.cancel(job.id, 1, NOW, if_sent=False) is Cancel.ENDED
    assert not await storage.jobs.record_sent(lease, NOW)
    assert await ledger_of(storage) == ("cancelled", 0, 0.0, True)


async def test_cancelling_an_unsent_job_gives_its_turn_back(storage: Storage) -> None:
    mine, theirs = [order(n, guild=1) for n in (1, 2)], [order(n, guild=2) for n in (3, 4)]
    await accept(storage, mine[0], theirs[0], mine[1], theirs[1])
    job, _ = await claimed(storage)
    assert job.id == mine[0].id
    await storage.jobs.cancel(job.id, 1, NOW, if_sent=False)
    assert (await ids_claimed(storage, 1)) == [theirs[0].id]


async def test_a_sent_job_is_only_marked_when_its_price_is_agreed_to(storage: Storage) -> None:
    await accept(storage, order(count=2))
    job, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW)
    assert await storage.jobs.cancel(job.id, 1, NOW, if_sent=False) is Cancel.PAID
    found = await storage.jobs.find(job.id)
    assert found is not None
    assert found.cancel_at is None
    assert await storage.jobs.cancel(job.id, 1, NOW + 1, if_sent=True) is Cancel.MARKED
    assert await storage.jobs.cancel(job.id, 1, NOW + 2, if_sent=True) is Cancel.MARKED
    found = await storage.jobs.find(job.id)
    assert found is not None
    assert (found.state, found.cancel_at) == (JobState.RUNNING, NOW + 1)


async def test_a_marked_job_holds_its_slot_until_the_work_is_over_and_is_paid(
    storage: Storage,
) -> None:
    await accept(storage, order(1, count=2), order(2, user=2))
    job, lease = await claimed(storage, limits=ONE_SLOT)
    await storage.jobs.record_sent(lease, NOW)
    await storage.jobs.cancel(job.id, 1, NOW, if_sent=True)
    assert await claim(storage, limits=ONE_SLOT) is None
    assert not await storage.jobs.record_drawn(lease, ["raw"], "r1", NOW)
    assert await storage.jobs.end_cancelled(lease, cancelled_sent(job, "r1"), NOW)
    [row] = [row for row in await storage.usage.rows(0) if row.job_id == job.id]
    assert (row.state, row.images, row.refunded, row.request_id) == ("cancelled", 2, False, "r1")
    assert row.cost_usd == 0.16
    assert await claim(storage, limits=ONE_SLOT) is not None


async def test_a_job_nobody_cancelled_cannot_end_as_cancelled(storage: Storage) -> None:
    await accept(storage, order())
    job, lease = await claimed(storage)
    assert not await storage.jobs.end_cancelled(lease, cancelled_unsent(), NOW)
    found = await storage.jobs.find(job.id)
    assert found is not None
    assert found.state is JobState.RUNNING


async def test_a_stale_holder_cannot_end_a_cancelled_job(storage: Storage) -> None:
    await accept(storage, order(is_resumable=True))
    job, stale = await claimed(storage, worker="frozen")
    await storage.jobs.record_sent(stale, NOW)
    await storage.jobs.cancel(job.id, 1, NOW, if_sent=True)
    await storage.jobs.rescue(NOW + 100 + LEASE_S + 1)
    await claimed(storage, worker="heir", now=NOW + 200)
    assert not await storage.jobs.end_cancelled(stale, cancelled_sent(job, None), NOW + 201)


async def test_a_marked_job_comes_back_only_for_work_that_is_to_be_waited_for(
    storage: Storage,
) -> None:
    await accept(storage, order(1), order(2, user=2))
    (one, lease_one), (two, lease_two) = await claimed(storage), await claimed(storage)
    for job, lease in ((one, lease_one), (two, lease_two)):
        await storage.jobs.record_sent(lease, NOW)
        await storage.jobs.cancel(job.id, 1, NOW, if_sent=True)
    await storage.jobs.record_task(lease_two, "task")
    assert not await storage.jobs.requeue(lease_one, NOW)
    assert await storage.jobs.requeue(lease_two, NOW)
    assert await ids_claimed(storage) == [two.id]


async def test_delivering_ended_and_unknown_jobs_are_too_late(storage: Storage) -> None:
    await accept(storage, order(1), order(2))
    job, lease = await claimed(storage)
    await storage.jobs.record_drawn(lease, ["raw"], None, NOW)
    await storage.jobs.cancel(order(2).id, 1, NOW, if_sent=True)
    for number in (1, 2, 404):
        outcome = await storage.jobs.cancel(order(number).id, 1, NOW, if_sent=True)
        assert outcome is Cancel.TOO_LATE, number
    found = await storage.jobs.find(job.id)
    assert found is not None
    assert found.state is JobState.DELIVERING


async def test_a_cancel_and_a_send_at_the_same_time_never_both_win(storage: Storage) -> None:
    for number in range(12):
        await accept(storage, order(number, user=number))
        job, lease = await claimed(storage)
        outcome, was_sent = await asyncio.gather(
            storage.jobs.cancel(job.id, 1, NOW, if_sent=False),
            storage.jobs.record_sent(lease, NOW),
        )
        assert was_sent == (outcome is Cancel.PAID)
        if was_sent:
            await storage.jobs.record_drawn(lease, ["raw"], None, NOW)


async def test_the_line_foretells_the_order_of_the_claims(storage: Storage) -> None:
    limits = RunLimits(pools={"aiart": 2, "vod": 1}, per_guild=2, per_user=1)
    flood = [order(n, guild=1, user=n % 3) for n in range(1, 10)]
    others = [order(n, guild=2, user=9) for n in (20, 21)] + [order(30, guild=3, user=8)]
    await accept(storage, *flood, *others, order(40, guild=4, user=7, priority=1))
    await accept(storage, order(50, pool="vod"))
    foretold = list(places(await storage.jobs.line("aiart"), 2, limits))
    assert len(foretold) == 13
    started = []
    while job := await claim(storage, limits=limits):
        started.append(job.id)
        if len(started) % 2 == 0:
            await storage.jobs.release("w")  # never sent: as if the round were over
            for each in started[-2:]:
                await storage.jobs.cancel(each, 1, NOW, if_sent=False)
    assert started[:2] == foretold[:2]
    assert set(started) == set(foretold)


async def test_the_line_shows_who_runs_and_hides_no_guild_behind_a_flood(
    storage: Storage,
) -> None:
    await accept(storage, *(order(n, user=n) for n in range(1, 4)), order(9, guild=2, user=9))
    job, _ = await claimed(storage)
    line = await storage.jobs.line("aiart")
    assert [waiting.id for waiting in line.jobs if waiting.is_running] == [job.id]
    assert len(line.jobs) == 4
    assert line.vtimes[line.jobs[0].lane, 0] == 1.0
    here = (job.order.destination.lane.guild_or_channel, job.order.destination.user_id)
    assert (line.elsewhere, (await storage.jobs.line("vod")).elsewhere) == ([], [here])
    found = places(line, 1, LIMITS)
    assert found[order(9).id].ahead == 0


async def test_a_pool_is_busy_while_a_job_of_it_waits_or_runs(storage: Storage) -> None:
    await accept(storage, order(1), order(2, pool="vod"))
    assert await storage.jobs.busy(["aiart", "vod", "local"]) == ["aiart", "vod"]
    _, lease = await claimed(storage)
    assert await storage.jobs.busy(["local", "aiart"]) == ["aiart"]
    await storage.jobs.record_drawn(lease, ["raw"], None, NOW)
    await storage.jobs.cancel(order(2, pool="vod").id, 1, NOW, if_sent=False)
    assert await storage.jobs.busy(["aiart", "vod"]) == []


async def test_a_members_jobs_come_newest_first_and_nobody_elses(storage: Storage) -> None:
    await accept(storage, order(1, user=1), order(2, user=2), order(3, user=1), order(4, user=1))
    mine = await storage.jobs.of_member(order(1, user=1).destination.user_id, 2)
    assert [job.id for job in mine] == [order(4).id, order(3).id]


async def test_where_a_result_was_posted_is_kept(storage: Storage) -> None:
    await accept(storage, order())
    await storage.jobs.record_posted(order().id, 2**62 + 7, 2**62 + 8)
    job = await storage.jobs.find(order().id)
    assert job is not None
    assert (job.posted_channel_id, job.posted_message_id) == (2**62 + 7, 2**62 + 8)
