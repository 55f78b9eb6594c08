"""Pictures that hold a reader of the fence, and what the system says of its process."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.jobs.fairness import Lane
from bot.domain.jobs.limits import PictureLimits
from bot.domain.pictures.picture import Picture
from bot.imaging.uploads.fence import Fence
from tests.imaging import corpus

LIMITS = PictureLimits()
ADA, BOB, CEM = Lane(1, 1), Lane(2, 2), Lane(2, 3)
SMALL = corpus.saved("JPEG")
HUGE = corpus.png(4990, 4990)
on_linux = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")


def slow() -> bytes:
    """Return a picture that takes a good second of CPU: large, and to be reduced from 16 bits."""
    return corpus.png(4990, 4990, bits=16)


def proc(pid: int, name: str) -> bytes:
    return Path(f"/proc/{pid}/{name}").read_bytes()


async def until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not met():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def held(fence: Fence, lane: Lane) -> AsyncIterator[asyncio.Task[Picture]]:
    """Hold a member's picture in its reader, whatever time passes, until the block ends."""
    before = set(fence.pids)
    (pid,) = before
    os.kill(pid, signal.SIGSTOP)
    job = asyncio.create_task(fence.fit(SMALL, LIMITS, lane))
    await asyncio.sleep(0)
    try:
        yield job
    finally:
        os.kill(pid, signal.SIGCONT)
        await asyncio.gather(job, return_exceptions=True)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
