"""What every job store promises: accepting, leases, ends, delivery, the ledger that follows."""

import asyncio

import pytest

from bot.domain.errors import TooManyWaiting
from bot.domain.jobs.endings import Ending, done
from bot.domain.jobs.job import JobId, JobState, Lease, Options
from bot.domain.jobs.limits import RunLimits
from bot.ports.accounts import UsageRow
from storage import Storage
from storage.queue.deliveries import take_oldest
from tests.contract.orders import (
    LEASE_S,
    LIMITS,
    NOW,
    TOKEN,
    accept,
    claim,
    claimed,
    order,
)

FAILED = Ending(JobState.FAILED, error_code="ServerFault", error_text="It broke.", request_id="r9")
LATER = NOW + 100 + LEASE_S + 1


async def usage_of(storage: Storage, job_id: JobId) -> UsageRow:
    rows = [row for row in await storage.usage.rows(0) if row.job_id == job_id]
    assert len(rows) == 1
    return rows[0]


async def test_a_job_reads_back_as_it_was_ordered(storage: Storage) -> None:
    options = Options(
        prompt="狐狸 in ink", negative="text", style="201", strength=0.5, ratio="1:1", seed=7,
        count=2, enhance=False, faces=3,
    )  # fmt: skip
    asked = order(options=options, inputs=("k/in/0", "k/in/1"), priority=2, is_resumable=True)
    await accept(storage, asked)
    job = await storage.jobs.find(asked.id)
    assert job is not None
    assert job.order == asked
    assert (job.state, job.created_at, job.deadline_at) == (
        JobState.QUEUED,
        NOW,
        NOW + LIMITS.max_wait_s,
    )


async def test_an_unknown_job_is_not_found(storage: Storage) -> None:
    assert await storage.jobs.find(order(404).id) is None


async def test_the_token_shows_in_no_repr(storage: Storage) -> None:
    await accept(storage, order())
    assert TOKEN not in repr(await storage.jobs.find(order().id))


async def test_the_same_id_twice_is_one_job(storage: Storage) -> None:
    first = await storage.jobs.accept(order(), LIMITS, NOW)
    again = await storage.jobs.accept(order(), LIMITS, NOW + 5)
    assert (first.is_new, again.is_new) == (True, False)
    assert len(await storage.usage.rows(0)) == 1


async def test_twenty_enqueuers_at_once_are_all_accepted(storage: Storage) -> None:
    orders = [order(n, user=n) for n in range(200)]

    async def enqueue(part: int) -> None:
        for each in orders[part::20]:
            await storage.jobs.accept(each, LIMITS, NOW)

    await asyncio.gather(*(enqueue(part) for part in range(20)))
    assert len(await storage.usage.rows(0)) == 200


async def test_a_member_with_enough_waiting_is_refused_and_nothing_is_kept(
    storage: Storage,
) -> None:
    limits = RunLimits(pools={"aiart": 3}, queued_per_user=2)
    for number in (1, 2):
        await storage.jobs.accept(order(number), limits, NOW)
    with pytest.raises(TooManyWaiting) as refusal:
        await storage.jobs.accept(order(3), limits, NOW)
    assert refusal.value.facts == {"waiting": 2, "limit": 2}
    assert await storage.jobs.find(order(3).id) is None
    assert len(await storage.usage.rows(0)) == 2


async def test_a_repeat_is_no_refusal_even_at_the_limit(storage: Storage) -> None:
    limits = RunLimits(pools={"aiart": 3}, queued_per_user=1)
    await storage.jobs.accept(order(1), limits, NOW)
    assert not (await storage.jobs.accept(order(1), limits, NOW)).is_new


async def test_ten_requests_at_once_on_one_place_give_one_job(storage: Storage) -> None:
    limits = RunLimits(pools={"aiart": 3}, queued_per_user=1)
    answers = await asyncio.gather(
        *(storage.jobs.accept(order(n), limits, NOW) for n in range(10)), return_exceptions=True
    )
    assert sum(isinstance(answer, TooManyWaiting) for answer in answers) == 9
    assert len(await storage.usage.rows(0)) == 1


async def test_a_running_job_leaves_room_to_wait(storage: Storage) -> None:
    limits = RunLimits(pools={"aiart": 3}, queued_per_user=1)
    await storage.jobs.accept(order(1), limits, NOW)
    await claimed(storage)
    assert (await storage.jobs.accept(order(2), limits, NOW)).is_new


async def test_ahead_counts_earlier_jobs_of_the_pool_that_wait_or_run(storage: Storage) -> None:
    await accept(storage, order(1), order(2), order(3, pool="vod"), order(4))
    await claimed(storage)
    assert await storage.jobs.ahead_of(order(4).id) == 2
    assert await storage.jobs.ahead_of(order(1).id) == 0
    assert (await storage.jobs.accept(order(5), LIMITS, NOW + 9)).ahead == 3


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


async def test_addresses_of_pictures_are_kept_until_the_pictures_are(storage: Storage) -> None:
    await accept(storage, order())
    _, lease = await claimed(storage)
    await storage.jobs.record_drawn(lease, [], "r1", NOW + 130, results=["https://cos/1.jpg"])
    drawn = await storage.jobs.find(order().id)
    assert drawn is not None
    assert (drawn.state, drawn.results, drawn.outputs) == (
        JobState.DELIVERING,
        ("https://cos/1.jpg",),
        (),
    )
    assert await storage.jobs.record_fetched(lease, ["a"])
    fetched = await storage.jobs.find(order().id)
    assert fetched is not None
    assert (fetched.results, fetched.outputs) == ((), ("a",))
    assert not await storage.jobs.record_fetched(Lease(order().id, "thief", 1), ["b"])


async def test_a_failed_job_is_refunded_in_full(storage: Storage) -> None:
    await accept(storage, order(count=3))
    _, lease = await claimed(storage)
    await storage.jobs.end(lease, FAILED, NOW + 110)
    row = await usage_of(storage, order().id)
    assert (row.state, row.images, row.cost_usd, row.refunded) == ("failed", 0, 0.0, True)
    assert (row.error_code, row.request_id) == ("ServerFault", "r9")
    job = await storage.jobs.find(order().id)
    assert job is not None
    assert (job.error_code, job.error_text) == ("ServerFault", "It broke.")
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


async def test_a_delivery_of_a_dead_worker_is_taken_over_without_a_slot(storage: Storage) -> None:
    await accept(storage, *(order(n) for n in range(1, 5)))
    _, lease = await claimed(storage)
    await storage.jobs.record_drawn(lease, ["a"], None, NOW + 101)
    for _ in range(3):
        await claimed(storage, now=LATER)
    assert await claim(storage, now=LATER) is None
    assert await storage.jobs.claim_delivery("other", NOW + 102, LEASE_S) is None
    taken = await storage.jobs.claim_delivery("other", LATER, LEASE_S)
    assert taken is not None
    assert (taken.id, taken.worker, taken.deliveries) == (lease.job_id, "other", 1)
    assert not await storage.jobs.end(lease, done(taken, 1), LATER)
    assert await storage.jobs.end(taken.lease, done(taken, 1), LATER)


async def test_a_worker_that_takes_its_own_lost_delivery_again_holds_a_new_lease(
    storage: Storage,
) -> None:
    await accept(storage, order())
    _, lease = await claimed(storage)
    await storage.jobs.record_drawn(lease, ["a"], None, NOW + 101)
    taken = await storage.jobs.claim_delivery("w", LATER, LEASE_S)
    assert taken is not None
    assert not await storage.jobs.end(lease, done(taken, 1), LATER)
    assert await storage.jobs.end(taken.lease, done(taken, 1), LATER)


async def test_a_failed_delivery_is_tried_again_after_its_pause(storage: Storage) -> None:
    await accept(storage, order())
    _, lease = await claimed(storage)
    await storage.jobs.record_drawn(lease, ["a"], None, NOW + 101)
    assert await storage.jobs.retry_delivery(lease, NOW + 150)
    assert (await storage.jobs.agenda(["aiart"], NOW + 102)).next_at == NOW + 150
    assert await storage.jobs.claim_delivery("w", NOW + 149, LEASE_S) is None
    taken = await storage.jobs.claim_delivery("w", NOW + 150, LEASE_S)
    assert taken is not None
    assert (await storage.jobs.agenda(["aiart"], NOW + 102)).next_at is None


async def test_an_end_without_a_picture_waits_to_be_told_and_is_told_once(
    storage: Storage,
) -> None:
    await accept(storage, order())
    _, lease = await claimed(storage)
    await storage.jobs.end(lease, FAILED, NOW + 110)
    notice = await storage.jobs.claim_delivery("w", NOW + 110, LEASE_S)
    assert notice is not None
    assert notice.state is JobState.FAILED
    assert await storage.jobs.claim_delivery("x", NOW + 110, LEASE_S) is None
    assert await storage.jobs.retry_delivery(notice.lease, NOW + 120)
    assert await storage.jobs.claim_delivery("x", NOW + 121, LEASE_S) is not None
    await storage.jobs.record_told(order().id, NOW)
    assert await storage.jobs.claim_delivery("x", NOW + 999, LEASE_S) is None


async def test_a_done_job_needs_no_notice(storage: Storage) -> None:
    await accept(storage, order())
    _, lease = await claimed(storage)
    await storage.jobs.record_drawn(lease, ["a"], None, NOW + 101)
    await storage.jobs.end(lease, Ending(JobState.DONE, images=1), NOW + 110)
    assert await storage.jobs.claim_delivery("w", NOW + 999, LEASE_S) is None


async def test_saying_told_of_a_delivering_job_does_not_lose_it(storage: Storage) -> None:
    await accept(storage, order())
    _, lease = await claimed(storage)
    await storage.jobs.record_drawn(lease, ["a"], None, NOW + 101)
    await storage.jobs.record_told(order().id, NOW)
    assert await storage.jobs.claim_delivery("x", LATER, LEASE_S) is not None


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


async def test_two_who_claim_a_delivery_at_once_do_not_both_get_it(storage: Storage) -> None:
    """The second one waits for the first, whatever it had looked up by then."""
    await accept(storage, order())
    _, lease = await claimed(storage)
    assert await storage.jobs.record_drawn(lease, ["k"], "r", NOW + 105)
    assert await storage.jobs.retry_delivery(lease, 0.0)
    both_may = asyncio.Event()

    async def first() -> object:
        async with storage.engine.begin() as conn:
            got = await take_oldest(conn, "first", NOW + 110, NOW + 130)
            both_may.set()
            await asyncio.sleep(0.2)  # the other one comes as far as it gets
            return got

    async def second() -> object:
        await both_may.wait()
        async with storage.engine.begin() as conn:
            return await take_oldest(conn, "second", NOW + 110, NOW + 130)

    got = await asyncio.gather(first(), second())
    assert got[0] is not None
    assert got[1] is None
