"""Moderators hold waiting jobs of their server back, and let them go."""

from collections.abc import Callable

import structlog

from bot.domain.jobs.errors import (
    ApprovalComesFirst,
    HeldAlready,
    NotHeld,
    WaitsNoMore,
    how_far,
)
from bot.domain.jobs.job import HoldKind, Job, JobId, JobState
from bot.domain.storage_errors import StorageUnavailable
from bot.ports.clock import Clock
from bot.ports.delivery import Deliverer, Standings
from bot.ports.moderation.holding import HoldStore
from bot.ports.queue import JobRequests
from bot.services.queue import Queue

_log = structlog.get_logger(__name__)

_LIVE = frozenset({JobState.QUEUED, JobState.RUNNING})


class Holds:
    """Holds one job, or lets it go, and shows its member so."""

    def __init__(
        self,
        *,
        store: HoldStore,
        jobs: JobRequests,
        queue: Queue,
        standings: Standings,
        deliverer: Deliverer,
        ring: Callable[[], None],
        now: Clock,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._queue = queue
        self._standings = standings
        self._deliverer = deliverer
        self._ring = ring
        self._now = now

    async def hold(self, job_id: JobId, guild_id: int, by: int) -> Job:
        """Hold a waiting job of a server back; returns it as it was before.

        Raises NoSuchJobHere, HeldAlready, ApprovalComesFirst or WaitsNoMore.
        """
        job = await self._queue.of_server(job_id, guild_id)
        if not await self._store.hold(job_id, by, self._now()):
            job = await self._queue.of_server(job_id, guild_id)
            if job.held_for is HoldKind.APPROVAL:
                raise ApprovalComesFirst(job=job_id)
            if job.held_for is not None:
                raise HeldAlready(job=job_id)
            raise WaitsNoMore(job=job_id, how=how_far(job))
        _log.info("job_held", job=job_id, guild=guild_id, by=by)
        return job

    async def release(self, job_id: JobId, guild_id: int, by: int) -> Job:
        """Let a job of a server go that a moderator held; returns it as it was before.

        Raises NoSuchJobHere, ApprovalComesFirst or NotHeld.
        """
        job = await self._queue.of_server(job_id, guild_id)
        if not await self._store.release(job_id, by, self._now()):
            job = await self._queue.of_server(job_id, guild_id)
            if job.held_for is HoldKind.APPROVAL:
                raise ApprovalComesFirst(job=job_id)
            raise NotHeld(job=job_id, how=how_far(job))
        _log.info("job_released", job=job_id, guild=guild_id, by=by)
        self._ring()
        return job

    async def show(self, job_id: JobId) -> None:
        """Show a job's member where it stands now; a fault of that is only logged."""
        self._standings.expire()
        try:
            job = await self._jobs.find(job_id)
            if job is None or job.state not in _LIVE:
                return
            standing = await self._standings.of(job)
        except StorageUnavailable as fault:
            _log.warning("hold_not_shown", job=job_id, reason=repr(fault.__cause__))
            return
        await self._deliverer.announce(job, standing, at_any_time=True)
