"""Slots and rates by themselves: order, peaks, refusals, and the second that slides."""

import asyncio

import pytest

from bot.sandbox.tencent.refusals import Refusal
from bot.sandbox.tencent.slots import Rate, Slots


def admitted(rate: Rate, at: float) -> bool:
    try:
        rate.admit(at)
    except Refusal as refusal:
        return refusal.code != "RequestLimitExceeded"
    return True


def test_a_rate_counts_the_last_second_only() -> None:
    rate = Rate(2)
    assert [admitted(rate, at) for at in (0.0, 0.5, 0.9, 1.0, 1.4, 1.5)] == [
        *(True, True, False),
        *(True, False, True),
    ]


def test_a_refused_request_does_not_count() -> None:
    rate = Rate(1)
    assert admitted(rate, 0.0)
    assert not any(admitted(rate, at) for at in (0.2, 0.4, 0.6, 0.8))
    assert admitted(rate, 1.0)


def test_a_slot_over_the_limit_is_refused_until_one_is_free() -> None:
    slots = Slots(1)
    slots.take()
    with pytest.raises(Refusal, match="JobNumExceed"):
        slots.take()
    slots.free()
    slots.take()
    assert (slots.running, slots.peak, slots.refused) == (1, 1, 1)


async def test_waiting_is_ordered_by_priority_then_by_arrival() -> None:
    slots = Slots(1)
    slots.take()
    order: list[str] = []

    async def worker(name: str, priority: int) -> None:
        await slots.wait(priority)
        order.append(name)
        slots.free()

    given = [("a", 0), ("b", -10), ("c", 10), ("d", 0)]
    workers = [asyncio.create_task(worker(*one)) for one in given]
    await asyncio.sleep(0)
    slots.free()
    await asyncio.gather(*workers)
    assert order == ["c", "a", "d", "b"]
    assert (slots.running, slots.peak) == (0, 1)


async def test_who_gave_up_waiting_takes_no_slot() -> None:
    slots = Slots(1)
    slots.take()
    gone, here = (asyncio.create_task(slots.wait()) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    slots.free()
    await here
    assert slots.running == 1
