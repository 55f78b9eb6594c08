"""Deliveries of every store: taken over, tried again, told once, and never by two at a time."""

import asyncio

from bot.domain.jobs.endings import Ending, done
from bot.domain.jobs.job import JobState, Lease
from storage import Storage
from storage.queue.deliveries import take_oldest
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


async def test_a_delivery_that_is_meant_is_taken_before_older_ones_and_no_other_is(
    storage: Storage,
) -> None:
    await accept(storage, order(1), order(2))
    for _ in range(2):
        _, lease = await claimed(storage)
        await storage.jobs.record_drawn(lease, ["a"], None, NOW + 101)
    meant = order(2).id
    taken = await storage.jobs.claim_delivery("x", LATER, LEASE_S, only=meant)
    assert taken is not None
    assert taken.id == meant
    assert await storage.jobs.claim_delivery("y", LATER, LEASE_S, only=meant) is None
