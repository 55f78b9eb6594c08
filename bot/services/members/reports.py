"""Tells a server's moderators of what a member wants them to look at; it changes nothing else."""

import asyncio

import structlog

from bot.domain.jobs.job import Job, JobId, JobState
from bot.domain.members.actor import Actor, can_see
from bot.domain.members.errors import (
    ModeratorsNotReached,
    NoLogChannel,
    NoModeratorsHere,
    NoResultHere,
    NotYourRefusal,
    ToldAlready,
    TooManyReports,
)
from bot.domain.members.reports import (
    MOST_IN_WINDOW,
    WINDOW_S,
    Noted,
    Report,
    ReportKind,
    Untold,
)
from bot.domain.storage_errors import StorageUnavailable
from bot.ports.accounts import GuildSettingsStore
from bot.ports.clock import Clock
from bot.ports.delivery import Place
from bot.ports.members import ReportStore
from bot.ports.notices import PostReport
from bot.ports.queue import JobRequests

_log = structlog.get_logger(__name__)

_LOOK_S = 60.0
_AT_WORK_S = 60.0  # within which whoever noted a report may still be telling of it
_GIVEN_UP_AFTER_S = 86400.0
_POSTED = frozenset({JobState.DELIVERING, JobState.DONE})


class Reports:
    """Each thing is told once by a member, who may tell of few in an hour."""

    def __init__(
        self,
        *,
        store: ReportStore,
        jobs: JobRequests,
        settings: GuildSettingsStore,
        post: PostReport,
        now: Clock,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._settings = settings
        self._post = post
        self._now = now

    async def run(self) -> None:
        """Tell of what a crash left untold, until cancelled; faults are only logged."""
        while True:
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - a database that is away for a while ends no process
                _log.warning("reports_unread", exc_info=True)
            await asyncio.sleep(_LOOK_S)

    async def look(self) -> None:
        """Tell of every report that was noted and not told, as far as that is possible now."""
        for untold in await self._store.untold(self._now() - _AT_WORK_S):
            if await self._tell_late(untold):
                await self._store.told(untold.report, self._now())
            elif untold.noted_at < self._now() - _GIVEN_UP_AFTER_S:
                await self._store.forget(untold.report)

    async def _tell_late(self, untold: Untold) -> bool:
        job = await self._jobs.find(untold.report.job_id)
        if job is None:
            return False
        try:
            channel_id = await self._channel_of(job)
        except (NoModeratorsHere, NoLogChannel):
            return False
        return await self._post(channel_id, job, untold.report, untold.shown)

    async def ask(self, job_id: JobId, actor: Actor) -> None:
        """Tell of a refusal by review that its asker thinks wrong.

        Raises NotYourRefusal, or why nobody was told.
        """
        job = await self._jobs.find(job_id)
        is_own = job is not None and job.order.destination.user_id == actor.user_id
        if job is None or not is_own or job.state is not JobState.REFUSED:
            raise NotYourRefusal
        await self._tell(job, Report(job_id, ReportKind.REFUSAL, actor.user_id), None)

    async def check(self, job_id: JobId | None, actor: Actor) -> Job:
        """Return a result that somebody sees and may report; raises as `report`."""
        job = await self._jobs.find(job_id) if job_id is not None else None
        if job is None or not _is_shown(job) or not can_see(job, actor):
            raise NoResultHere
        await self._channel_of(job)
        return job

    async def report(
        self, job_id: JobId | None, actor: Actor, shown: Place, picture: int = 0
    ) -> None:
        """Tell of a result that stands at this place, for whoever sees it there.

        `picture` counts from 1 where it has several. Raises NoResultHere, or why nobody was told.
        """
        job = await self.check(job_id, actor)
        if picture > max(job.order.options.count, len(job.outputs)):
            raise NoResultHere
        await self._tell(job, Report(job.id, ReportKind.PICTURE, actor.user_id, picture), shown)

    async def _tell(self, job: Job, report: Report, shown: Place | None) -> None:
        channel_id = await self._channel_of(job)
        await self._note(report, shown)
        is_told = False
        try:
            is_told = await self._post(channel_id, job, report, shown)
        finally:
            # Also where a stop cancels this: then it can be told again.
            if not is_told:
                await self._store.forget(report)
        if not is_told:
            raise ModeratorsNotReached
        await self._note_told(report)
        _log.info("moderators_told", job=job.id, by=report.user_id, kind=report.kind.value)

    async def _note_told(self, report: Report) -> None:
        """Note it; where that fails, a later look posts once more what Discord then knows."""
        try:
            await self._store.told(report, self._now())
        except StorageUnavailable as fault:
            _log.warning("report_told_unnoted", job=report.job_id, reason=repr(fault.__cause__))

    async def _channel_of(self, job: Job) -> int:
        guild_id = job.order.destination.guild_id
        if guild_id is None:
            raise NoModeratorsHere
        channel_id = (await self._settings.settings(guild_id)).log_channel_id
        if channel_id is None:
            raise NoLogChannel
        return channel_id

    async def _note(self, report: Report, shown: Place | None) -> None:
        now = self._now()
        since = now - WINDOW_S
        noted = await self._store.note(report, now, since=since, most=MOST_IN_WINDOW, shown=shown)
        if noted is Noted.KNOWN:
            raise ToldAlready
        if noted is Noted.TOO_MANY:
            raise TooManyReports(most=MOST_IN_WINDOW)


def _is_shown(job: Job) -> bool:
    return job.state in _POSTED and job.deleted_at is None
