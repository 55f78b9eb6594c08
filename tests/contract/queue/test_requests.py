"""What every store promises when a job is accepted: whole, once, and within the limits."""

import asyncio

import pytest

from bot.domain.errors import TooManyWaiting
from bot.domain.jobs.job import JobState, Options
from bot.domain.jobs.limits import RunLimits
from storage import Storage
from tests.contract.orders import (
    LIMITS,
    NOW,
    TOKEN,
    accept,
    claimed,
    order,
)


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
