"""Several claiming processes on one database, as real processes; one of them frozen."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import JobState
from storage import Storage
from tests.contract.orders import LEASE_S, NOW, claimed, order
from tests.contract.queue.claimer import LIMITS

ROOT = Path(__file__).parents[3]
JOBS = 120


@asynccontextmanager
async def claimer(url: str, folder: Path, mode: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a claiming process; if it still runs when the block ends, it is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.queue.claimer", url, str(folder), mode,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_two_processes_share_the_limits_and_every_job_runs_once(
    storage: Storage, url: str, tmp_path: Path
) -> None:
    asked = [order(n, guild=int(n % 4 == 0), user=n % 12) for n in range(JOBS)]
    for offset, each in enumerate(asked):
        await storage.jobs.accept(each, LIMITS, NOW + offset)
    async with claimer(url, tmp_path, "drain") as one, claimer(url, tmp_path, "drain") as other:
        said = await asyncio.gather(one.communicate(), other.communicate())
    lines = [[json.loads(line) for line in out.splitlines()] for out, _ in said]
    events = [line for each in lines for line in each]
    started = Counter(event["job"] for event in events if "started" in event)
    assert started == Counter(each.id for each in asked), "none twice, none lost"
    assert all(lines), "both had a share"
    guild_of = {each.id: each.destination.guild_id for each in asked}
    assert peak(events, lambda _: 0) == 3
    assert peak(events, lambda job: guild_of[job]) == 2


def peak(events: list[dict[str, Any]], group_of: Callable[[str], object]) -> int:
    """Return how many ran at once at the most in one group."""
    steps = sorted(
        (event.get("started", event.get("ended")), 1 if "started" in event else -1, event["job"])
        for event in events
    )
    running: Counter[object] = Counter()
    most = 0
    for _, change, job in steps:
        running[group_of(job)] += change
        most = max(most, *running.values())
    return most


async def test_a_worker_frozen_for_longer_than_its_lease_writes_nothing_afterwards(
    storage: Storage, url: str, tmp_path: Path
) -> None:
    await storage.jobs.accept(order(), LIMITS, NOW)
    async with claimer(url, tmp_path, "hold") as frozen:
        assert frozen.stdout is not None
        assert json.loads(await frozen.stdout.readline())["job"] == order().id
        frozen.send_signal(signal.SIGSTOP)
        assert await storage.jobs.rescue(NOW + 500 + LEASE_S + 1) == 1
        _, lease = await claimed(storage, worker="next", now=NOW + 530)
        assert await storage.jobs.end(lease, Ending(JobState.REFUSED), NOW + 540)
        frozen.send_signal(signal.SIGCONT)
        out, _ = await frozen.communicate(b"\n")
    assert json.loads(out) == {"ended": False}
    job = await storage.jobs.find(order().id)
    assert job is not None
    assert (job.state, job.finished_at) == (JobState.REFUSED, NOW + 540)
