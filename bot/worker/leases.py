"""Keeps the leases of the jobs at work here and their tasks; one that loses its lease is ended."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from bot.domain.jobs.job import Job, JobId
from bot.ports.clock import Clock
from bot.ports.queue import JobClaims
from bot.worker.outages import OutageTimer, note_fault

_log = structlog.get_logger(__name__)

_STORAGE_PAUSE_S = 1.0


class Leases:
    """One worker's jobs, each with its task; `news()` is called when a task or a lease ended."""

    def __init__(
        self, store: JobClaims, worker: str, now: Clock, *, news: Callable[[], None]
    ) -> None:
        self._store = store
        self._worker = worker
        self._now = now
        self._news = news
        # An earlier task may still be at its last words when its job's end is claimed to be told.
        self._newest: dict[JobId, asyncio.Task[None]] = {}
        self._held: set[JobId] = set()  # jobs of living tasks: no other lease is kept alive
        self._at_work: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._at_work)

    def start(self, job: Job, work: Coroutine[Any, Any, None]) -> None:
        """Do the work of a claimed job in a task, and keep its lease until that ends."""
        # Whatever the task logs names its job: faults of a disk do not know whose they are.
        with structlog.contextvars.bound_contextvars(job=job.id):
            task = asyncio.create_task(work, name=f"job {job.id}")
        self._newest[job.id] = task
        self._held.add(job.id)
        self._at_work.add(task)
        task.add_done_callback(lambda done: self._ended(job.id, done))

    def let_go(self, job_id: JobId) -> None:
        """Stop keeping the lease of this task's job: it is over, or perhaps another task's."""
        if self._newest.get(job_id) is asyncio.current_task():
            self._held.discard(job_id)

    async def drain(self, within_s: float) -> None:
        """Wait for what is at work, so long at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await asyncio.gather(*self._at_work, return_exceptions=True)

    def cancel(self) -> set[asyncio.Task[None]]:
        """End what is at work, whose tasks are returned: they are still to be waited for."""
        for task in self._at_work:
            task.cancel()
        return set(self._at_work)

    async def keep(self, *, every_s: float, for_s: float, retry_unknown: bool) -> None:
        """Renew and rescue until cancelled; raises what has kept it from that for minutes."""
        outage, rescue_from = OutageTimer(self._now), 0.0
        while True:
            try:
                await self._renew(for_s)
                if self._now() >= rescue_from:
                    await self._rescue(retry_unknown=retry_unknown)
            except Exception as error:  # noqa: BLE001 - what runs is paid: it goes on
                note_fault("leases_not_renewed", error)
                outage.failed(error)
                # Whoever lives renews first when it is back; only then is anybody taken for dead.
                rescue_from = self._now() + for_s
                await asyncio.sleep(_STORAGE_PAUSE_S)
            else:
                outage.succeeded()
                await asyncio.sleep(every_s)

    async def _renew(self, for_s: float) -> None:
        # Copied before the read: a job claimed in between must not look lost.
        known = {job_id: self._newest[job_id] for job_id in self._held}
        held = await self._store.renew(self._worker, known, self._now(), for_s)
        for job_id, task in known.items():
            if job_id not in held and job_id in self._held and not task.done():
                _log.warning("lease_lost", job=job_id)
                task.cancel()

    async def _rescue(self, *, retry_unknown: bool) -> None:
        if await self._store.rescue(self._now(), retry_unknown=retry_unknown):
            self._news()

    def _ended(self, job_id: JobId, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        if self._newest.get(job_id) is task:
            del self._newest[job_id]
            self._held.discard(job_id)
        if not task.cancelled() and (error := task.exception()):
            _log.error("job_task_broke", job=job_id, exc_info=error)
        self._news()
