"""Whom the fence's readers serve next, how many there are, and when one ends."""

import asyncio
import os
import signal
import time
from typing import Any

import pytest

from bot.domain.jobs.fairness import Lane
from bot.domain.pictures.errors import (
    PictureTooDemanding,
)
from bot.imaging.uploads.fence import Fence
from tests.imaging import corpus
from tests.imaging.uploads.held_readers import (
    ADA,
    BOB,
    CEM,
    LIMITS,
    SMALL,
    held,
    until,
)


async def test_many_callers_are_all_served_by_few_children() -> None:
    async with Fence(workers=2) as fence:
        lanes = (Lane(1, number) for number in range(30))
        pictures = await asyncio.gather(*(fence.fit(SMALL, LIMITS, lane) for lane in lanes))
        assert len(set(pictures)) == 1
        assert len(fence.pids) == 2


async def test_a_newcomer_is_next_while_somebody_elses_many_wait() -> None:
    served: list[tuple[Lane, int]] = []

    async def call(lane: Lane, number: int) -> None:
        await fence.fit(SMALL, LIMITS, lane)
        served.append((lane, number))

    async with Fence(workers=1) as fence:
        flood = [call(ADA, number) for number in range(8)]
        await asyncio.gather(*flood, call(BOB, 0))
    assert [number for lane, number in served if lane == ADA] == list(range(8))
    assert served.index((BOB, 0)) == 1


async def test_a_second_reader_serves_others_while_one_is_busy_and_ends_when_nobody_needs_it() -> (
    None
):
    async with Fence(idle_s=0.01) as fence:
        async with held(fence, ADA) as slow_one:
            assert (await fence.fit(SMALL, LIMITS, BOB)).width == corpus.SIZE[0]
            assert len(fence.pids) == 2
            assert not slow_one.done()
        assert (await slow_one).width == corpus.SIZE[0]
        await until(lambda: len(fence.pids) == 1)
        assert (await fence.fit(SMALL, LIMITS, BOB)).width == corpus.SIZE[0]


async def test_the_second_reader_stays_while_it_is_needed_and_the_last_one_for_ever() -> None:
    async with Fence(idle_s=60.0) as fence:
        async with held(fence, ADA):
            await fence.fit(SMALL, LIMITS, BOB)
        pids = set(fence.pids)
        await asyncio.gather(fence.fit(SMALL, LIMITS, ADA), fence.fit(SMALL, LIMITS, BOB))
        assert set(fence.pids) == pids
    async with Fence(idle_s=0.0) as fence:
        await fence.fit(SMALL, LIMITS, ADA)
        await asyncio.sleep(0.01)
        assert len(fence.pids) == 1


async def test_with_none_kept_warm_one_starts_for_a_picture_and_ends_when_idle() -> None:
    async with Fence(warm=0, idle_s=0.01) as fence:
        assert fence.pids == ()
        assert (await fence.fit(SMALL, LIMITS, ADA)).width == corpus.SIZE[0]
        await until(lambda: fence.pids == ())
        assert (await fence.fit(SMALL, LIMITS, BOB)).width == corpus.SIZE[0]


async def test_as_many_stay_as_are_kept_warm() -> None:
    async with Fence(warm=2, idle_s=0.0, jobs_per_child=1) as fence:
        pids = set(fence.pids)
        assert len(pids) == 2
        await fence.fit(SMALL, LIMITS, ADA)
        await until(lambda: not set(fence.pids) <= pids)
        assert len(fence.pids) == 2


async def test_a_reader_at_work_is_not_ended_for_the_rest_it_had_before() -> None:
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
    async with Fence(idle_s=0.3) as fence, held(fence, ADA):
        first = set(fence.pids)
        await fence.fit(SMALL, LIMITS, BOB)
        pids = set(fence.pids)
        (second,) = pids - first
        os.kill(second, signal.SIGSTOP)
        job = asyncio.create_task(fence.fit(SMALL, LIMITS, CEM))
        await asyncio.sleep(0.4)
        os.kill(second, signal.SIGCONT)
        await job
        assert set(fence.pids) == pids
    assert faults == []


async def test_one_reader_stays_though_both_have_had_nothing_to_do_for_as_long() -> None:
    async with Fence(idle_s=0.3) as fence:
        async with held(fence, ADA):
            await fence.fit(SMALL, LIMITS, BOB)
            pids = set(fence.pids)
        time.sleep(0.4)  # noqa: ASYNC251 - both have to be due when the loop looks again
        await until(lambda: len(fence.pids) < 2)
        await fence.fit(SMALL, LIMITS, ADA)
        assert len(fence.pids) == 1
        assert set(fence.pids) < pids


async def test_one_member_holds_one_reader_however_many_pictures_they_send() -> None:
    async with Fence() as fence, held(fence, ADA):
        more = [asyncio.create_task(fence.fit(SMALL, LIMITS, ADA)) for _ in range(5)]
        for lane in (BOB, CEM, BOB):
            assert (await fence.fit(SMALL, LIMITS, lane)).width == corpus.SIZE[0]
        assert not any(task.done() for task in more)
        for task in more:
            task.cancel()
        await asyncio.gather(*more, return_exceptions=True)


async def test_whoever_killed_a_reader_waits_behind_others_for_a_minute() -> None:
    clock = 1000.0
    served: list[Lane] = []

    async def call(lane: Lane) -> None:
        await fence.fit(SMALL, LIMITS, lane)
        served.append(lane)

    async def both_behind_one() -> list[Lane]:
        served.clear()
        async with held(fence, BOB):
            calls = [asyncio.create_task(call(lane)) for lane in (ADA, CEM)]
            await asyncio.sleep(0.01)
        await asyncio.gather(*calls)
        return served

    async with Fence(workers=1, now=lambda: clock) as fence:
        os.kill(fence.pids[0], signal.SIGKILL)
        with pytest.raises(PictureTooDemanding):
            await fence.fit(SMALL, LIMITS, ADA)
        await fence.fit(SMALL, LIMITS, BOB)
        assert await both_behind_one() == [CEM, ADA]
        clock += 61.0
        assert await both_behind_one() == [ADA, CEM]


async def test_a_child_is_renewed_after_its_number_of_pictures() -> None:
    async with Fence(jobs_per_child=2) as fence:
        seen = set()
        for _ in range(6):
            seen |= set(fence.pids)
            await fence.fit(SMALL, LIMITS, ADA)
        assert len(seen) == 3
