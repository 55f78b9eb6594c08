"""What every store promises when a job is accepted: whole, once, and within the limits."""

import asyncio
from pathlib import Path

import pytest

from bot.domain.errors import TooManyWaiting
from bot.domain.follow_ups.errors import AlreadyAtWork
from bot.domain.jobs.endings import done
from bot.domain.jobs.job import JobState, Options, Order
from bot.domain.jobs.limits import RunLimits
from storage import Storage, open_storage
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


CLAIM = "0000000000abc:upscale:0"


async def test_of_presses_at_once_in_two_processes_one_is_at_work(
    storage: Storage, url: str, tmp_path: Path
) -> None:
    async with open_storage(url, tmp_path) as other:
        answers = await asyncio.gather(
            *(
                each.jobs.accept(order(2 * n + i, claim=CLAIM), LIMITS, NOW)
                for n in range(5)
                for i, each in enumerate((storage, other))
            ),
            return_exceptions=True,
        )
    assert sum(isinstance(answer, AlreadyAtWork) for answer in answers) == 9
    assert len(await storage.usage.rows(0)) == 1


async def test_a_claim_lasts_until_its_job_has_ended(storage: Storage) -> None:
    await accept(storage, order(1, claim=CLAIM))
    member = order(1).destination.user_id
    job, lease = await claimed(storage)
    assert job.order == order(1, claim=CLAIM)
    await refused(storage, order(2, claim=CLAIM))
    await storage.jobs.record_drawn(lease, ["k"], None, NOW + 110)
    await refused(storage, order(2, claim=CLAIM))
    assert await storage.jobs.is_at_work(member, CLAIM)
    await storage.jobs.end(lease, done(job, 1), NOW + 120)
    assert not await storage.jobs.is_at_work(member, CLAIM)
    assert (await storage.jobs.accept(order(2, claim=CLAIM), LIMITS, NOW + 130)).is_new


async def refused(storage: Storage, asked: Order) -> None:
    with pytest.raises(AlreadyAtWork):
        await storage.jobs.accept(asked, LIMITS, NOW)
    assert await storage.jobs.find(asked.id) is None


async def test_the_same_press_again_another_member_and_another_wish_claim_nothing_twice(
    storage: Storage,
) -> None:
    await accept(storage, order(1, claim=CLAIM))
    assert not (await storage.jobs.accept(order(1, claim=CLAIM), LIMITS, NOW)).is_new
    for asked in (order(2, claim=CLAIM, user=2), order(3, claim="0000000000abc:upscale:1")):
        assert (await storage.jobs.accept(asked, LIMITS, NOW)).is_new
    for number in (4, 5):
        assert (await storage.jobs.accept(order(number), LIMITS, NOW)).is_new
