"""What every job store promises: accepting, leases, ends, delivery, the ledger that follows."""

import pytest

from bot.domain.jobs.endings import Ending, done
from bot.domain.jobs.job import JobId, JobState, Lease
from bot.domain.jobs.reasons.reason import Reason
from bot.ports.accounts import UsageRow
from storage import Storage
from tests.contract.orders import (
    FAILED,
    LATER,
    LEASE_S,
    NOW,
    accept,
    claim,
    claimed,
    order,
)


async def usage_of(storage: Storage, job_id: JobId) -> UsageRow:
    rows = [row for row in await storage.usage.rows(0) if row.job_id == job_id]
    assert len(rows) == 1
    return rows[0]


async def test_a_claimed_job_is_running_under_its_workers_lease(storage: Storage) -> None:
    await accept(storage, order())
    job, _ = await claimed(storage, worker="ada")
    assert (job.state, job.worker, job.attempt, job.started_at) == (
        JobState.RUNNING,
        "ada",
        1,
        NOW + 100,
    )
    assert await claim(storage) is None


async def test_sent_and_task_are_kept_for_whoever_takes_the_job_up(storage: Storage) -> None:
    await accept(storage, order(is_resumable=True))
    job, lease = await claimed(storage)
    assert await storage.jobs.record_sent(lease, NOW + 101)
    assert await storage.jobs.record_task(lease, "task-1")
    await storage.jobs.rescue(LATER)
    again, _ = await claimed(storage, now=LATER)
    assert (again.id, again.sent_at, again.remote_task) == (job.id, NOW + 101, "task-1")


@pytest.mark.parametrize("other", [("thief", 1), ("w", 2)])
async def test_a_lost_lease_writes_nothing(storage: Storage, other: tuple[str, int]) -> None:
    await accept(storage, order())
    job, _ = await claimed(storage)
    lost = Lease(job.id, *other)
    store = storage.jobs
    assert not await store.record_sent(lost, NOW)
    assert not await store.record_task(lost, "t")
    assert not await store.record_drawn(lost, ["k"], None, NOW)
    assert not await store.end(lost, FAILED, NOW)
    assert not await store.requeue(lost, NOW)
    assert not await store.retry_delivery(lost, NOW)
    assert await store.find(job.id) == job
    assert (await usage_of(storage, job.id)).state == "running"


async def test_an_ended_job_ends_only_once(storage: Storage) -> None:
    await accept(storage, order())
    job, lease = await claimed(storage)
    assert await storage.jobs.end(lease, FAILED, NOW + 110)
    assert not await storage.jobs.end(lease, Ending(JobState.DONE, images=1), NOW + 111)
    assert not await storage.jobs.requeue(lease, NOW)
    assert (await usage_of(storage, job.id)).state == "failed"


async def test_pictures_are_settled_as_made_and_the_rest_given_back(storage: Storage) -> None:
    await accept(storage, order(count=3))
    assert (await usage_of(storage, order().id)).images == 3
    _, lease = await claimed(storage)
    assert await storage.jobs.record_drawn(lease, ["a", "b"], "r1", NOW + 130)
    drawn = await storage.jobs.find(order().id)
    assert drawn is not None
    assert (drawn.state, drawn.outputs, drawn.worker) == (JobState.DELIVERING, ("a", "b"), "w")
    assert await storage.jobs.end(lease, done(drawn, 2), NOW + 131)
    row = await usage_of(storage, order().id)
    assert (row.state, row.images, row.cost_usd, row.refunded) == ("done", 2, 0.16, False)
    assert (row.request_id, row.started_at, row.finished_at) == ("r1", NOW + 100, NOW + 131)


async def test_a_failed_job_is_refunded_in_full(storage: Storage) -> None:
    await accept(storage, order(count=3))
    _, lease = await claimed(storage)
    await storage.jobs.end(lease, FAILED, NOW + 110)
    row = await usage_of(storage, order().id)
    assert (row.state, row.images, row.cost_usd, row.refunded) == ("failed", 0, 0.0, True)
    assert (row.error_code, row.request_id) == ("ServerFault", "r9")
    job = await storage.jobs.find(order().id)
    assert job is not None
    assert (job.error_code, job.reason) == ("ServerFault", Reason("ServerFault"))
    assert (job.request_id, job.finished_at) == ("r9", NOW + 110)


async def test_the_ledger_follows_every_state(storage: Storage) -> None:
    await accept(storage, order())
    seen = [(await usage_of(storage, order().id)).state]
    _, lease = await claimed(storage)
    seen.append((await usage_of(storage, order().id)).state)
    await storage.jobs.requeue(lease, NOW)
    seen.append((await usage_of(storage, order().id)).state)
    _, lease = await claimed(storage)
    await storage.jobs.record_drawn(lease, ["a"], None, NOW)
    seen.append((await usage_of(storage, order().id)).state)
    assert seen == ["queued", "running", "queued", "delivering"]


async def test_usage_can_be_asked_by_time_and_guild(storage: Storage) -> None:
    await accept(storage, order(1), order(2, guild=2), order(3, guild=None))
    guild = order(2, guild=2).destination.guild_id
    assert [row.job_id for row in await storage.usage.rows(0, guild)] == [order(2).id]
    assert [row.job_id for row in await storage.usage.rows(NOW + 1)] == [order(2).id, order(3).id]


async def test_recent_seconds_are_from_start_to_picture_newest_first(storage: Storage) -> None:
    await accept(storage, order(1), order(2), order(3))
    for took in (4.0, 9.0, 6.0):
        _, lease = await claimed(storage)
        await storage.jobs.record_drawn(lease, ["a"], None, NOW + 100 + took)
    assert await storage.jobs.recent_seconds("anime", 2) == [9.0, 6.0]
    assert await storage.jobs.recent_seconds("other", 2) == []


async def test_renewed_leases_outlive_their_first_end(storage: Storage) -> None:
    await accept(storage, order(1), order(2))
    job, lease = await claimed(storage)
    other, _ = await claimed(storage, worker="other")
    assert await storage.jobs.renew("w", [job.id], NOW + 115, LEASE_S) == {job.id}
    assert await storage.jobs.rescue(LATER) == 1
    assert await storage.jobs.record_sent(lease, LATER)
    lost = await storage.jobs.find(other.id)
    assert lost is not None
    assert lost.state is JobState.QUEUED


async def test_a_stopping_worker_hands_back_what_it_did_not_send(storage: Storage) -> None:
    await accept(storage, order(1), order(2), order(3))
    sent, drawn, unsent = [await claimed(storage) for _ in range(3)]
    await storage.jobs.record_sent(sent[1], NOW + 101)
    await storage.jobs.record_drawn(drawn[1], ["a"], None, NOW + 101)
    assert await storage.jobs.release("w") == 2
    assert await storage.jobs.record_task(sent[1], "still mine")
    again, _ = await claimed(storage, worker="next")
    assert again.id == unsent[0].id
    assert await storage.jobs.claim_delivery("next", NOW + 101, LEASE_S) is not None


async def test_settings_are_kept_and_replaced(storage: Storage) -> None:
    assert await storage.settings.value("commands") is None
    await storage.settings.keep("commands", "1")
    await storage.settings.keep("commands", "2")
    assert await storage.settings.value("commands") == "2"
