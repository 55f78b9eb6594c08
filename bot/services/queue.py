"""The queue as operators and moderators may ask about it: what runs, waits, rests, got lost."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import structlog

from bot.domain.jobs.errors import NoSuchJobHere, WaitsNoMore, how_far
from bot.domain.jobs.job import HoldKind, Job, JobId, JobState
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.operations import GuildPause, Overview, PoolUse
from bot.domain.wording.quoting import quoted
from bot.domain.wording.sentences import Operator, say
from bot.ports.clock import Clock
from bot.ports.operations import OperationsStore
from bot.ports.queue import JobRequests

_log = structlog.get_logger(__name__)

_READ_AT_ONCE = 50  # jobs, where all of them are meant
_LISTED = 100  # jobs; those that match what was typed are suggested
_PAUSED_BY_OPERATOR = "Paused by {operator}: no job starts now."
_REASON_SHOWN = 300  # characters, of all that a message's texts share

_PAUSED = "Paused by the moderators of this server: no picture of it starts now."
_DRAINED = (
    "The moderators of this server let its queue run empty: nothing new is taken, and this one "
    "starts once they resume it."
)


@dataclass(frozen=True, slots=True)
class PoolState:
    """A pool's concurrency and how much of it is taken, `lost` of it by calls nobody waits for."""

    name: str
    limit: int
    busy: int
    lost: int


class Queue:
    """Shows the queue, and changes the order in a server for its moderators."""

    def __init__(
        self,
        *,
        store: OperationsStore,
        jobs: JobRequests,
        limits: RunLimits,
        operator: Operator,
        now: Clock,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._limits = limits
        self._operator = operator
        self._now = now

    async def look(self, guild_id: int) -> tuple[list[PoolState], Overview]:
        """Return every pool of the account, and what waits and got lost in a server."""
        overview = await self._store.overview(self._now(), guild_id)
        idle = PoolUse(busy=0, lost=0)
        pools = [
            PoolState(name, limit, use.busy, use.lost)
            for name, limit in self._limits.pools.items()
            for use in [overview.pools.get(name, idle)]
        ]
        return pools, overview

    async def live(self, guild_id: int) -> list[Job]:
        """Return what runs in a server, then what waits: what was put first, who came first."""
        return await self._store.live(guild_id, _LISTED)

    async def waiting(self, guild_id: int) -> list[Job]:
        """Return what waits in a server, in that order, with what is held back."""
        return [job for job in await self.live(guild_id) if job.state is JobState.QUEUED]

    async def free(self, guild_id: int) -> list[Job]:
        """Return what waits in a server and may be held back."""
        return [job for job in await self.waiting(guild_id) if job.held_for is None]

    async def all_free(self, guild_id: int) -> AsyncIterator[Job]:
        """Yield all that waits in a server and is not held, however much, some at a time."""
        after = None
        while found := await self._store.free(guild_id, after, _READ_AT_ONCE):
            for job in found:
                yield job
            after = found[-1].id

    async def held(self, guild_id: int) -> list[Job]:
        """Return what moderators hold back in a server."""
        waiting = await self.waiting(guild_id)
        return [job for job in waiting if job.held_for is HoldKind.MODERATOR]

    async def of_server(self, job_id: JobId, guild_id: int) -> Job:
        """Return a job of a server; raises NoSuchJobHere, also for one of another server."""
        job = await self._jobs.find(job_id)
        if job is None or job.order.destination.guild_id != guild_id:
            raise NoSuchJobHere(job=job_id)
        return job

    async def put_first(self, job_id: JobId, guild_id: int, by: int) -> Job:
        """Let a waiting job start before all others of its server; other servers lose no turn.

        Raises NoSuchJobHere or WaitsNoMore.
        """
        job = await self.of_server(job_id, guild_id)
        if not await self._store.put_first(job_id, by, self._now()):
            raise WaitsNoMore(job=job_id, how=how_far(await self._jobs.find(job_id) or job))
        _log.info("put_first", job=job_id, guild=guild_id, by=by)
        return job

    def guild_pause_note(self, pause: GuildPause) -> str:
        """Return for members of a server, as markdown, why no job of theirs starts."""
        reason = quoted(pause.reason, _REASON_SHOWN)
        return f"{say(_DRAINED if pause.is_drain else _PAUSED)} {reason}".rstrip()

    async def pause_note(self) -> str:
        """Return for members, as markdown, why no job starts; "" while jobs do."""
        pause = await self._store.paused()
        if pause is None:
            return ""
        said = say(_PAUSED_BY_OPERATOR, operator=self._operator.called)
        return f"{said} {quoted(pause.reason, _REASON_SHOWN)}".rstrip()
