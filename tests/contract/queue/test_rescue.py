"""What becomes of jobs whose worker died or whose turn never came."""

import pytest

from bot.domain.jobs.job import Cancel, JobState
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.scheduling import LONGEST_CALL_S
from storage import Storage
from storage.queue import leases
from tests.contract import recount
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

LATER = NOW + 100 + LEASE_S + 1


@pytest.mark.parametrize(
    ("is_resumable", "is_sent", "state", "cost"),
    [
        (False, False, JobState.QUEUED, 0.0),
        (False, True, JobState.UNKNOWN, 0.16),
        (True, False, JobState.QUEUED, 0.0),
        (True, True, JobState.QUEUED, 0.0),
    ],
)
async def test_a_lost_job_goes_on_only_where_nothing_can_be_paid_twice(
    storage: Storage, *, is_resumable: bool, is_sent: bool, state: JobState, cost: float
) -> None:
    await accept(storage, order(is_resumable=is_resumable, count=2))
    _, lease = await claimed(storage)
    if is_sent:
        await storage.jobs.record_sent(lease, NOW + 101)
    assert await storage.jobs.rescue(LATER) == 1
    assert await storage.jobs.rescue(LATER) == 0
    job = await storage.jobs.find(lease.job_id)
    assert job is not None
    assert (job.state, job.worker) == (state, None)
    (row,) = await storage.usage.rows(0)
    assert (row.state, row.cost_usd, row.refunded) == (state, cost, state is JobState.UNKNOWN)


async def test_an_unknown_end_is_told_to_its_member(storage: Storage) -> None:
    await accept(storage, order())
    _, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW + 101)
    await storage.jobs.rescue(LATER)
    notice = await storage.jobs.claim_delivery("w", LATER, LEASE_S)
    assert notice is not None
    assert notice.state is JobState.UNKNOWN
    assert notice.error_code == "OutcomeUnknown"
    assert "nobody knows" in why_of(notice)


@pytest.mark.parametrize("retry_unknown", [False, True])
async def test_a_job_cancelled_at_work_whose_process_died_ends_as_cancelled_and_is_paid(
    storage: Storage, *, retry_unknown: bool
) -> None:
    await accept(storage, order(count=2))
    job, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW + 101)
    assert await storage.jobs.cancel(job.id, 1, NOW + 102, if_sent=True) is Cancel.MARKED
    assert await storage.jobs.rescue(LATER, retry_unknown=retry_unknown) == 1
    (row,) = await storage.usage.rows(0)
    assert (row.state, row.images, row.refunded) == (JobState.CANCELLED, 2, False)
    assert row.cost_usd == pytest.approx(0.16)
    notice = await storage.jobs.claim_delivery("w", LATER, LEASE_S)
    assert notice is not None
    assert (notice.state, notice.error_code) == (JobState.CANCELLED, "Cancelled")


async def test_the_call_of_a_cancelled_job_whose_process_died_keeps_its_slot(
    storage: Storage,
) -> None:
    await accept(storage, order(1), order(2, user=2))
    one = RunLimits(pools={"aiart": 1})
    job, lease = await claimed(storage, limits=one)
    await storage.jobs.record_sent(lease, NOW + 101)
    await storage.jobs.cancel(job.id, 1, NOW + 102, if_sent=True)
    await storage.jobs.rescue(LATER)
    assert await claim(storage, limits=one, now=LATER) is None
    assert await claim(storage, limits=one, now=NOW + 101 + LONGEST_CALL_S) is not None


async def test_a_cancelled_task_of_a_dead_process_is_taken_up_to_see_its_end(
    storage: Storage,
) -> None:
    await accept(storage, order(is_resumable=True))
    job, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW + 101)
    await storage.jobs.cancel(job.id, 1, NOW + 102, if_sent=True)
    await storage.jobs.rescue(LATER)
    again, _ = await claimed(storage, now=LATER)
    assert (again.id, again.cancel_at) == (job.id, NOW + 102)


async def test_a_living_lease_is_left_alone(storage: Storage) -> None:
    await accept(storage, order())
    await claimed(storage)
    assert await storage.jobs.rescue(NOW + 100 + LEASE_S - 1) == 0


async def test_a_job_nobody_could_start_expires_with_a_refund_and_a_notice(
    storage: Storage,
) -> None:
    await accept(storage, order(1), order(2))
    _, lease = await claimed(storage)
    end = NOW + LIMITS.max_wait_s + 0.5
    await storage.jobs.renew("w", [lease.job_id], end, LEASE_S)
    assert await storage.jobs.rescue(end) == 0
    assert await storage.jobs.rescue(end + 1) == 1
    expired = await storage.jobs.find(order(2).id)
    assert expired is not None
    assert (expired.state, expired.finished_at) == (JobState.EXPIRED, end + 1)
    assert "within 6 h" in why_of(expired)
    assert await storage.jobs.record_sent(lease, end)
    assert await claim(storage, now=end) is None
    rows = {row.job_id: row for row in await storage.usage.rows(0)}
    assert rows[order(2).id].refunded
    assert await storage.jobs.claim_delivery("w", end, LEASE_S) is not None


async def test_a_claim_takes_no_job_past_its_deadline_but_ends_it_with_a_refund_and_a_notice(
    storage: Storage,
) -> None:
    await accept(storage, order(1), order(2, user=2), order(3, guild=2, user=3), now=NOW)
    await accept(storage, order(4, user=4), now=NOW + 60)
    asleep_until = NOW + LIMITS.max_wait_s + 30  # as after a suspended laptop: nothing rescued yet
    assert await ids_claimed(storage, now=asleep_until) == [order(4).id]
    rows = {row.job_id: row for row in await storage.usage.rows(0)}
    for number in (1, 2, 3):
        job = await storage.jobs.find(order(number).id)
        assert job is not None
        assert (job.state, job.attempt) == (JobState.EXPIRED, 0)
        assert rows[job.id].refunded
        assert await storage.jobs.claim_delivery("w", asleep_until, LEASE_S) is not None
    seen = await recount.look(storage)
    recount.check_lanes(seen)
    recount.check_totals(seen)


async def test_a_claim_ends_late_jobs_batch_by_batch_until_none_is_left(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "_ENDED_AT_ONCE", 2)
    await accept(storage, *[order(number, user=number) for number in range(1, 6)])
    await accept(storage, order(6, user=6), now=NOW + 60)
    job, _ = await claimed(storage, now=NOW + LIMITS.max_wait_s + 30)
    assert job.id == order(6).id
    states = [row.state for row in await storage.usage.rows(0)]
    assert states == ["expired"] * 5 + ["running"]


async def test_a_job_at_its_very_deadline_may_start(storage: Storage) -> None:
    await accept(storage, order())
    assert await claim(storage, now=NOW + LIMITS.max_wait_s) is not None


async def test_a_task_that_runs_at_the_api_does_not_expire(storage: Storage) -> None:
    await accept(storage, order(is_resumable=True))
    _, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW + 101)
    await storage.jobs.record_task(lease, "task-1")
    end = NOW + LIMITS.max_wait_s + 1
    assert await storage.jobs.rescue(end) == 1
    job, _ = await claimed(storage, now=end)
    assert job.remote_task == "task-1"


async def test_putting_back_after_busy_clears_sent(storage: Storage) -> None:
    await accept(storage, order())
    _, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW + 101)
    assert await storage.jobs.requeue(lease, NOW + 105)
    job = await storage.jobs.find(lease.job_id)
    assert job is not None
    assert (job.state, job.sent_at, job.started_at) == (JobState.QUEUED, None, None)


async def test_putting_back_a_job_with_a_task_keeps_both(storage: Storage) -> None:
    await accept(storage, order(is_resumable=True))
    _, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW + 101)
    await storage.jobs.record_task(lease, "task-1")
    await storage.jobs.requeue(lease, NOW)
    job = await storage.jobs.find(lease.job_id)
    assert job is not None
    assert (job.sent_at, job.remote_task) == (NOW + 101, "task-1")


@pytest.mark.parametrize("is_resumable", [False, True])
async def test_a_job_sent_anew_after_its_task_failed_is_not_taken_for_the_failed_task(
    storage: Storage, *, is_resumable: bool
) -> None:
    await accept(storage, order(is_resumable=is_resumable))
    _, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW + 101)
    await storage.jobs.record_task(lease, "failed-task")
    await storage.jobs.record_sent(lease, NOW + 102)
    await storage.jobs.rescue(LATER)
    job = await storage.jobs.find(lease.job_id)
    assert job is not None
    assert job.remote_task is None
    assert job.state is (JobState.QUEUED if is_resumable else JobState.UNKNOWN)


async def test_a_lease_is_kept_alive_only_for_a_job_somebody_is_at_work_on(
    storage: Storage,
) -> None:
    await accept(storage, order(1), order(2, user=2))
    living, _ = await claimed(storage)
    dead, _ = await claimed(storage)
    assert await storage.jobs.renew("w", [living.id], LATER - 2, LEASE_S) == {living.id}
    assert await storage.jobs.renew("w", [], LATER - 2, LEASE_S) == set()
    assert await storage.jobs.rescue(LATER) == 1
    found = await storage.jobs.find(dead.id)
    assert found is not None
    assert (found.state, found.worker) == (JobState.QUEUED, None)


@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_what_may_be_at_work_stays_sent_where_it_is_put_back(
    storage: Storage, *, is_cancelled: bool
) -> None:
    await accept(storage, order(is_resumable=True))
    job, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW + 101)
    if is_cancelled:
        asker = job.order.destination.user_id
        await storage.jobs.cancel(job.id, asker, NOW + 102, if_sent=True)
    assert await storage.jobs.requeue(lease, NOW + 105, may_be_at_work=True)
    found = await storage.jobs.find(job.id)
    assert found is not None
    assert (found.state, found.sent_at) == (JobState.QUEUED, NOW + 101)
    assert await storage.jobs.rescue(NOW + LIMITS.max_wait_s + 1) == 0
