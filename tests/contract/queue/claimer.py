"""A claiming process of its own: `python -m tests.contract.queue.claimer URL FOLDER drain|hold`.

`drain` claims until nothing is left and prints when each job started and ended; `hold` claims
one job, waits for a line, then ends it. One JSON object per line.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import JobState, Lease
from bot.domain.jobs.limits import RunLimits
from storage import Storage, open_storage
from tests.contract.orders import LEASE_S, NOW

LIMITS = RunLimits(pools={"aiart": 3}, per_guild=2, per_user=2, queued_per_user=500)
_WORK_S = 0.02
_IDLE_LOOKS = 100


def _say(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


async def _drain(storage: Storage, worker: str) -> None:
    looks = 0
    tasks: set[asyncio.Task[None]] = set()
    while looks < _IDLE_LOOKS:
        job = await storage.jobs.claim_next("aiart", worker, LIMITS, NOW + 500, LEASE_S)
        if job is None:
            looks += 1
            await asyncio.sleep(0.005)
            continue
        looks = 0
        tasks.add(asyncio.create_task(_work(storage, job.id, job.lease)))
    await asyncio.gather(*tasks)


async def _work(storage: Storage, job_id: str, lease: Lease) -> None:
    # Said inside the time the slot is taken, so that overlaps seen are overlaps there were.
    _say(job=job_id, started=time.monotonic())
    await asyncio.sleep(_WORK_S)
    _say(job=job_id, ended=time.monotonic())
    await storage.jobs.end(lease, Ending(JobState.FAILED), NOW + 600)


async def _hold(storage: Storage, worker: str) -> None:
    job = await storage.jobs.claim_next("aiart", worker, LIMITS, NOW + 500, LEASE_S)
    if job is None:
        raise SystemExit("nothing to claim")
    _say(job=job.id)
    await asyncio.to_thread(sys.stdin.readline)
    _say(ended=await storage.jobs.end(job.lease, Ending(JobState.FAILED), NOW + 600))


async def main() -> None:
    url, folder, mode = sys.argv[1:]
    worker = f"{mode}-{time.monotonic_ns()}"
    async with open_storage(url, Path(folder)) as storage:
        await (_drain if mode == "drain" else _hold)(storage, worker)


if __name__ == "__main__":
    asyncio.run(main())
