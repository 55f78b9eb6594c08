"""Where jobs stand in their pool's line and how long they take, as far as anybody can know."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.domain.jobs.job import Job, JobId, JobState
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.line import Forecast, Place, Standing, Waiting, at_work, held, standing
from bot.domain.jobs.operations import GuildPause
from bot.domain.jobs.progress import Progress, with_progress
from bot.ports.clock import Clock
from bot.ports.queue import JobReading

_HISTORY = 20  # times of an engine that its estimate is made of
_REST = 5  # times as long as a read took, before the next one
_OLDEST_S = 1.0


class LineStandings:
    """`Standings` from the line and the engines' recent times.

    `note`, `guild_note` and `job_note` give lines of small print: for everybody who waits, which
    tells that no job starts, for those of a paused server, and for one job.
    """

    def __init__(
        self,
        *,
        store: JobReading,
        limits: RunLimits,
        now: Clock,
        note: Callable[[], Awaitable[str]] | None = None,
        guild_note: Callable[[GuildPause], str] | None = None,
        job_note: Callable[[JobId], str] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._store = store
        self._limits = limits
        self._now = now
        self._note = note
        self._guild_note = guild_note or (lambda pause: pause.reason)
        self._reading = asyncio.Lock()
        self._looks: dict[str, _Look] = {}
        self._expired = 0
        self._job_note = job_note
        self._progress = progress or Progress()

    def expire(self) -> None:
        """Read anew for whoever asks next: jobs have started or ended."""
        self._expired += 1
        self._looks.clear()

    async def survey(self, pool: str) -> dict[JobId, Standing]:
        """Return who runs and starts next in a pool, nearest first, then who is held back."""
        look = await self._look(pool)
        jobs = look.forecast.jobs
        running = [job for job in jobs.values() if job.is_running]
        starting = [jobs[job_id] for job_id in look.forecast.places]
        back = [job for job in jobs.values() if look.forecast.is_held_back(job)]
        return {job.id: await self._standing(look, job) for job in (*running, *starting, *back)}

    async def of(self, job: Job, ahead: int | None = None) -> Standing:
        """Return the standing of a waiting or running job; far down the line it is counted.

        `ahead` are the jobs accepted earlier, where that was counted already.
        """
        look = await self._look(job.order.pool)
        look.forecast.add(_last_in_line(job))
        return await self._standing(look, look.forecast.jobs[job.id], ahead)

    async def _standing(self, look: "_Look", job: Waiting, ahead: int | None = None) -> Standing:
        if job.is_running:
            return await self._at_work(look, job)
        if job.held_for is not None:
            return held(job.held_for, self._small_print(job.id, look.note))
        pause = look.forecast.pause_of(job)
        if pause is not None:
            return await self._in_pause(look, job, pause)
        if job.id not in look.forecast.places and ahead is None:
            ahead = await self._store.ahead_of(job.id)
        return await self._in_line(look, job, ahead or 0)

    async def _in_line(self, look: "_Look", job: Waiting, ahead: int) -> Standing:
        far = Place(ahead, ahead // look.forecast.slots)
        place = look.forecast.places.get(job.id, far)
        recent = await self._recent(look, job.engine)
        note = self._small_print(job.id, look.note)
        return standing(place, recent, note, is_timeless=bool(look.note))

    async def _in_pause(self, look: "_Look", job: Waiting, pause: GuildPause) -> Standing:
        note = self._small_print(job.id, look.note, self._guild_note(pause))
        return standing(look.forecast.place_in_pause(job), [], note, is_timeless=True)

    async def _at_work(self, look: "_Look", job: Waiting) -> Standing:
        now = self._now()
        since_s = now - (job.started_at or now)
        recent = await self._recent(look, job.engine)
        found = at_work(recent, since_s, self._small_print(job.id, look.note))
        if not self._progress.is_here(job.id):
            return found  # one process tells of it, or each would edit the message
        return with_progress(found, self._progress.of(job.id), recent, since_s)

    async def _look(self, pool: str) -> "_Look":
        """Read the line, at most a small part of the time: a long one is slow to read."""
        async with self._reading:
            look = self._looks.get(pool)
            began = self._now()
            if look is not None and began < look.good_until:
                return look
            expired = self._expired
            line = await self._store.line(pool)
            took = max(self._now() - began, 0.0)
            slots = max(self._limits.pools.get(pool, 1), 1)
            note = await self._note() if self._note else ""
            look = _Look(Forecast(line, slots, self._limits), note)
            look.good_until = self._now() + min(took * _REST, _OLDEST_S)
            # What has changed during the read may not be in it.
            if expired == self._expired:
                self._looks[pool] = look
            return look

    async def _recent(self, look: "_Look", engine: str) -> list[float]:
        async with self._reading:
            if engine not in look.recent:
                look.recent[engine] = await self._store.recent_seconds(engine, _HISTORY)
            return look.recent[engine]

    def _small_print(self, job_id: JobId, *notes: str) -> str:
        own = self._job_note(job_id) if self._job_note else ""
        return "\n".join(note for note in (*notes, own) if note)


class _Look:
    """What a look at a pool showed, shared by all who ask while it is good."""

    def __init__(self, forecast: Forecast, note: str) -> None:
        self.forecast = forecast
        self.note = note
        self.recent: dict[str, list[float]] = {}
        self.good_until = 0.0


def _last_in_line(job: Job) -> Waiting:
    """Return the entry of a job that was accepted after the line was read."""
    order = job.order
    return Waiting(
        id=job.id,
        priority=order.priority,
        lane=order.destination.lane.guild_or_channel,
        user_id=order.destination.user_id,
        images=order.options.count,
        engine=order.engine,
        started_at=job.started_at if job.state is JobState.RUNNING else None,
        held_for=job.held_for,
    )
