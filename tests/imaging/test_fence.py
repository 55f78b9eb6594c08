"""A picture may kill the process that reads it, and nothing else."""

import asyncio
import io
import os
import signal
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.fairness import Lane
from bot.domain.limits import PictureLimits
from bot.domain.picture_errors import (
    NotAPicture,
    PictureDamaged,
    PictureTooDemanding,
    PictureTooManyPixels,
    PictureTooSmall,
)
from bot.imaging.fence import Fence
from bot.imaging.fit import fit
from tests.imaging import corpus

LIMITS = PictureLimits()
ADA, BOB = Lane(1, 1), Lane(2, 2)
SMALL = corpus.saved("JPEG")
HUGE = corpus.png(4990, 4990)
on_linux = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")


def slow() -> bytes:
    """Return a picture that takes a good second of CPU: large, and to be reduced from 16 bits."""
    return corpus.png(4990, 4990, bits=16)


def proc(pid: int, name: str) -> bytes:
    return Path(f"/proc/{pid}/{name}").read_bytes()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_the_fence_gives_what_fit_gives() -> None:
    async with Fence() as fence:
        for data in (SMALL, corpus.with_exif(), corpus.saved("PNG", size=(3000, 900))):
            assert await fence.fit(data, LIMITS, ADA) == fit(data, LIMITS)


async def test_refusals_come_through_with_their_figures_and_keep_the_child() -> None:
    async with Fence() as fence:
        pids = fence.pids
        with pytest.raises(PictureTooSmall, match="20 × 300 pixels; both sides must be over 50"):
            await fence.fit(corpus.saved("PNG", size=(20, 300)), LIMITS, ADA)
        with pytest.raises(PictureTooManyPixels):
            await fence.fit(corpus.png(30_000, 10), LIMITS, ADA)
        with pytest.raises(PictureDamaged):
            await fence.fit(SMALL[:500], LIMITS, ADA)
        with pytest.raises(NotAPicture):
            await fence.fit(b"", LIMITS, ADA)
        assert fence.pids == pids


async def test_a_picture_that_needs_too_much_memory_is_refused_and_the_next_one_works() -> None:
    async with Fence(memory_mb=170) as fence:
        before = fence.pids
        with pytest.raises(PictureTooDemanding):
            await fence.fit(HUGE, LIMITS, ADA)
        assert (await fence.fit(SMALL, LIMITS, ADA)).width == corpus.SIZE[0]
        assert fence.pids != before


async def test_a_picture_that_takes_too_long_is_refused_and_the_next_one_works() -> None:
    async with Fence(wall_s=0.15) as fence:
        (before,) = fence.pids
        with pytest.raises(PictureTooDemanding):
            await fence.fit(slow(), LIMITS, ADA)
        assert (await fence.fit(SMALL, LIMITS, ADA)).width == corpus.SIZE[0]
        assert gone(before)


@on_linux
async def test_the_kernel_ends_a_child_that_burns_its_processor_time() -> None:
    async def burn(fence: Fence) -> None:
        for _ in range(40):
            await fence.fit(slow(), LIMITS, ADA)

    # No picture here takes a whole second, so none is added to the second already begun.
    async with Fence(cpu_s=-1) as fence:
        with pytest.raises(PictureTooDemanding):
            await burn(fence)


async def test_a_child_killed_at_work_costs_one_refusal() -> None:
    async with Fence() as fence:
        job = asyncio.create_task(fence.fit(slow(), LIMITS, ADA))
        await asyncio.sleep(0.02)
        os.kill(fence.pids[0], signal.SIGKILL)
        with pytest.raises(PictureTooDemanding):
            await job
        assert (await fence.fit(SMALL, LIMITS, ADA)).width == corpus.SIZE[0]


async def test_a_child_that_died_unseen_is_replaced_too() -> None:
    async with Fence() as fence:
        os.kill(fence.pids[0], signal.SIGKILL)
        with pytest.raises(PictureTooDemanding):
            await fence.fit(SMALL, LIMITS, ADA)
        assert (await fence.fit(SMALL, LIMITS, ADA)).width == corpus.SIZE[0]


async def test_many_callers_are_all_served_by_few_children() -> None:
    async with Fence(workers=2) as fence:
        pictures = await asyncio.gather(*(fence.fit(SMALL, LIMITS, ADA) for _ in range(30)))
        assert len(set(pictures)) == 1
        assert len(fence.pids) == 2


async def test_a_newcomer_is_next_while_somebody_elses_many_wait() -> None:
    served: list[tuple[Lane, int]] = []

    async def call(lane: Lane, number: int) -> None:
        await fence.fit(SMALL, LIMITS, lane)
        served.append((lane, number))

    async with Fence() as fence:
        flood = [call(ADA, number) for number in range(8)]
        await asyncio.gather(*flood, call(BOB, 0))
    assert [number for lane, number in served if lane == ADA] == list(range(8))
    assert served.index((BOB, 0)) == 1


async def test_giving_up_waiting_or_working_leaks_nothing() -> None:
    async with Fence() as fence:
        jobs = [asyncio.create_task(fence.fit(slow(), LIMITS, ADA)) for _ in range(6)]
        await asyncio.sleep(0.02)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        assert all(job.cancelled() for job in jobs)
        for _ in range(3):
            assert (await fence.fit(SMALL, LIMITS, ADA)).width == corpus.SIZE[0]
        assert len(fence.pids) == 1


async def test_a_child_is_renewed_after_its_number_of_pictures() -> None:
    async with Fence(jobs_per_child=2) as fence:
        seen = set()
        for _ in range(6):
            seen |= set(fence.pids)
            await fence.fit(SMALL, LIMITS, ADA)
        assert len(seen) == 3


async def test_nothing_runs_and_nobody_waits_once_the_fence_is_shut() -> None:
    async with Fence(workers=2) as fence:
        pids = fence.pids
        waiting = [asyncio.create_task(fence.fit(slow(), LIMITS, ADA)) for _ in range(5)]
        await asyncio.sleep(0.02)
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(end, (PictureTooDemanding, RuntimeError)) for end in ends)
    assert all(gone(pid) for pid in pids)
    assert fence.pids == ()
    with pytest.raises(RuntimeError, match="shut"):
        await fence.fit(SMALL, LIMITS, ADA)


@on_linux
async def test_no_secret_of_the_parent_is_in_the_childs_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "tell-nobody")
    monkeypatch.setenv("TENCENTCLOUD_SECRET_KEY", "tell-nobody")
    async with Fence() as fence:
        environment = proc(fence.pids[0], "environ")
    assert b"PYTHONPATH=" in environment
    assert b"tell-nobody" not in environment
    assert b"DISCORD" not in environment


@on_linux
async def test_the_child_sets_its_limits_before_it_reads_anything() -> None:
    async with Fence(memory_mb=400, cpu_s=7) as fence:
        await fence.fit(SMALL, LIMITS, ADA)
        lines = proc(fence.pids[0], "limits").decode().splitlines()
    limits = {line[:25].strip(): line[26:].split()[0] for line in lines[1:]}
    assert limits["Max address space"] == str(400 * 1024 * 1024)
    assert limits["Max file size"] == "0"
    assert limits["Max core file size"] == "0"
    assert int(limits["Max open files"]) <= 64
    assert 7 <= int(limits["Max cpu time"]) <= 10


async def test_the_event_loop_is_not_held_up() -> None:
    loop, gaps = asyncio.get_running_loop(), []

    async def beat() -> None:
        last = loop.time()
        while True:
            await asyncio.sleep(0.005)
            gaps.append(loop.time() - last)
            last = loop.time()

    async with Fence() as fence:
        heart = asyncio.create_task(beat())
        out = io.BytesIO()
        Image.effect_noise((2000, 2000), 90).convert("RGB").save(out, "JPEG", quality=95)
        gaps.clear()
        await fence.fit(out.getvalue(), LIMITS, ADA)
        heart.cancel()
    assert len(gaps) > 5
    assert sorted(gaps)[-2] < 0.25
