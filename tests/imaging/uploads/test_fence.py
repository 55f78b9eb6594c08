"""A picture may kill the process that reads it, and nothing else."""

import asyncio
import io
import os
import signal
import sys
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.pictures.errors import (
    NotAPicture,
    PictureDamaged,
    PictureTooDemanding,
    PictureTooManyPixels,
    PictureTooSmall,
)
from bot.imaging.credentials.reading import read_credentials
from bot.imaging.labels.finish import Labeller
from bot.imaging.uploads.fence import Fence
from bot.imaging.uploads.fit import fit
from tests.imaging import corpus
from tests.imaging.credentials.kept import LABEL, keep, signer
from tests.imaging.uploads.held_readers import (
    ADA,
    BOB,
    CEM,
    HUGE,
    LIMITS,
    SMALL,
    gone,
    held,
    on_linux,
    proc,
    slow,
    until,
)


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
    async with Fence(wall_s=0.5) as fence:
        (before,) = fence.pids
        os.kill(before, signal.SIGSTOP)  # no machine is too fast for that
        with pytest.raises(PictureTooDemanding):
            await fence.fit(SMALL, LIMITS, ADA)
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


@pytest.mark.parametrize("steps", [0, 1, 3, 10, 100])
async def test_closing_while_a_reader_is_replaced_ends_cleanly(steps: int) -> None:
    async with Fence(wall_s=0.01) as fence:
        pids = fence.pids
        with pytest.raises(PictureTooDemanding):
            await fence.fit(slow(), LIMITS, ADA)
        for _ in range(steps):
            await asyncio.sleep(0)
    assert all(gone(pid) for pid in pids)
    assert fence.pids == ()


@pytest.mark.parametrize("steps", [0, 1, 3, 10, 100])
async def test_closing_while_a_picture_is_given_up_ends_cleanly(steps: int) -> None:
    async with Fence() as fence:
        pids = fence.pids
        jobs = [asyncio.create_task(fence.fit(slow(), LIMITS, lane)) for lane in (ADA, BOB, CEM)]
        for _ in range(steps):
            await asyncio.sleep(0)
        for job in jobs:
            job.cancel()
        for _ in range(steps % 7):
            await asyncio.sleep(0)
    ends = await asyncio.gather(*jobs, return_exceptions=True)
    assert all(isinstance(end, (asyncio.CancelledError, RuntimeError)) for end in ends)
    assert all(gone(pid) for pid in pids)
    assert fence.pids == ()


async def test_a_close_that_is_cancelled_still_ends_its_readers() -> None:
    fence = Fence()
    await fence.__aenter__()
    (pid,) = fence.pids
    closing = asyncio.create_task(fence.__aexit__(None, None, None))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    closing.cancel()
    await asyncio.gather(closing, return_exceptions=True)
    await until(lambda: gone(pid))
    await fence.__aexit__(None, None, None)  # has nothing to do but to wait for the end's note
    assert fence.pids == ()


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


async def test_giving_up_while_a_reader_is_started_leaves_its_place_to_others() -> None:
    async with Fence() as fence, held(fence, ADA) as slow_one:
        starting = asyncio.create_task(fence.fit(SMALL, LIMITS, BOB))
        await until(lambda: len(fence.pids) == 2)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        async with asyncio.timeout(15):
            assert (await fence.fit(SMALL, LIMITS, CEM)).width == corpus.SIZE[0]
        assert not slow_one.done()


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


async def test_a_reader_that_cannot_be_started_is_tried_again_until_it_can(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bot.imaging.uploads.fence._RETRY_S", 0.01)
    async with Fence() as fence, held(fence, ADA):
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(sys, "executable", str(tmp_path / "no such program"))
            waiting = asyncio.create_task(fence.fit(SMALL, LIMITS, BOB))
            await asyncio.sleep(0.05)
            assert not waiting.done()
        assert (await waiting).width == corpus.SIZE[0]


async def test_who_waits_for_a_reader_that_cannot_be_started_learns_that_the_fence_is_shut(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bot.imaging.uploads.fence._RETRY_S", 0.01)
    async with Fence() as fence, held(fence, ADA):
        monkeypatch.setattr(sys, "executable", str(tmp_path / "no such program"))
        waiting = asyncio.create_task(fence.fit(SMALL, LIMITS, BOB))
        await asyncio.sleep(0.05)
        assert not waiting.done()
    with pytest.raises(RuntimeError, match="the fence is shut"):
        await waiting


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


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="no groups by session")
async def test_the_child_gives_way_to_the_bot_though_it_has_a_session_of_its_own() -> None:
    async with Fence() as fence:
        assert proc(fence.pids[0], "autogroup").split()[-1] == b"5"
        assert os.getpriority(os.PRIO_PROCESS, fence.pids[0]) == 5


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
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.005)
            beats += 1

    async with Fence() as fence:
        heart = asyncio.create_task(beat())
        out = io.BytesIO()
        Image.effect_noise((2000, 2000), 90).convert("RGB").save(out, "JPEG", quality=95)
        beats = 0
        await fence.fit(out.getvalue(), LIMITS, ADA)
        heart.cancel()
    assert beats > 5


async def test_credentials_are_read_behind_the_fence_and_the_child_is_kept(tmp_path: Path) -> None:
    signed = Labeller(SMALL, LABEL, signer(keep(tmp_path)).seal(LABEL)).within(10**6).data
    async with Fence() as fence:
        pids = fence.pids
        for data in (signed, signed.replace(b"c2pa.created", b"c2pa.drawing"), SMALL):
            assert (await fence.inspect(data, ADA)).credentials == read_credentials(data)
        assert (await fence.fit(SMALL, LIMITS, ADA)).width == corpus.SIZE[0]
        assert fence.pids == pids
