"""Where jobs stand in their pool's line and how long they take, as far as anybody can know."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.domain.jobs import Job, JobId, JobState
from bot.domain.limits import RunLimits
from bot.domain.line import Line, Place, Standing, Waiting, at_work, places, standing
from bot.domain.ports import Clock, JobStore

_HISTORY = 20  # times of an engine that its estimate is made of
_REST = 5  # times as long as a read took, before the next one
_OLDEST_S = 1.0


class LineStandings:
    """`Standings` from the line and the engines' recent times.

    `note` and `job_note` give small print: for everybody who waits, and for one job.
    """

    def __init__(
        self,
        *,
        store: JobStore,
        limits: RunLimits,
        now: Clock,
        note: Callable[[], Awaitable[str]] | None = None,
        job_note: Callable[[JobId], str] | None = None,
    ) -> None:
        self._store = store
        self._limits = limits
        self._now = now
        self._note = note
        self._reading = asyncio.Lock()
        self._lines: dict[str, tuple[Line, float]] = {}
        self._job_note = job_note

    async def survey(self, pool: str) -> dict[JobId, Standing]:
        """Return who runs and who starts next in a pool, nearest first."""
        return await self._survey(pool, await self._line(pool))

    async def of(self, job: Job) -> Standing:
        """Return the standing of a waiting or running job; far down the line it is counted."""
        pool = job.order.pool
        line = await self._line(pool)
        if job.id not in {waiting.id for waiting in line.jobs}:
            line = self._lengthen(pool, line, job)
        survey = await self._survey(pool, line)
        if job.id in survey:
            return survey[job.id]
        ahead = await self._store.ahead_of(job.id)
        place = Place(ahead, ahead // self._slots(pool))
        note = self._small_print(job.id, await self._pool_note())
        return standing(place, await self._recent(job.order.engine), note)

    async def _survey(self, pool: str, line: Line) -> dict[JobId, Standing]:
        found = places(line, self._slots(pool), self._limits)
        note = await self._pool_note()
        jobs = {job.id: job for job in line.jobs}
        running = [job for job in line.jobs if job.is_running]
        engines = {job.engine for job in running} | {jobs[job_id].engine for job_id in found}
        recent = {engine: await self._recent(engine) for engine in engines}
        now = self._now()
        survey = {
            job.id: at_work(
                recent[job.engine],
                now - (job.started_at or now),
                self._small_print(job.id, note),
            )
            for job in running
        }
        return survey | {
            job_id: standing(place, recent[jobs[job_id].engine], self._small_print(job_id, note))
            for job_id, place in found.items()
        }

    def _lengthen(self, pool: str, line: Line, job: Job) -> Line:
        """Add a job that was accepted after the line was read, for those who come next too."""
        _, good_until = self._lines[pool]
        line = replace(line, jobs=[*line.jobs, _last_in_line(job)])
        self._lines[pool] = line, good_until
        return line

    async def _line(self, pool: str) -> Line:
        """Read the line, at most a small part of the time: a long one is slow to read."""
        async with self._reading:
            line, good_until = self._lines.get(pool, (None, 0.0))
            began = self._now()
            if line is None or began >= good_until:
                line = await self._store.line(pool)
                took = max(self._now() - began, 0.0)
                self._lines[pool] = line, self._now() + min(took * _REST, _OLDEST_S)
            return line

    def _slots(self, pool: str) -> int:
        return max(self._limits.pools.get(pool, 1), 1)

    async def _recent(self, engine: str) -> list[float]:
        return await self._store.recent_seconds(engine, _HISTORY)

    async def _pool_note(self) -> str:
        return await self._note() if self._note else ""

    def _small_print(self, job_id: JobId, pool_note: str) -> str:
        own = self._job_note(job_id) if self._job_note else ""
        return " ".join(note for note in (pool_note, own) if note)


def _last_in_line(job: Job) -> Waiting:
    """Return the entry of a job that was accepted after the line was read."""
    order = job.order
    return Waiting(
        id=job.id,
        priority=order.priority,
        lane=order.destination.guild_id or order.destination.channel_id,
        user_id=order.destination.user_id,
        images=order.wishes.count,
        engine=order.engine,
        started_at=job.started_at if job.state is JobState.RUNNING else None,
    )
