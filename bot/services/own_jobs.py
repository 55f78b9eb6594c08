"""What members ask of their own jobs: the list, a result again, a cancel, the same once more."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from bot.domain.discord_limits import CHOICES
from bot.domain.engines.catalogue import Catalogue
from bot.domain.guilds.rules import hides
from bot.domain.jobs.errors import (
    JobNotFound,
    NoResultYet,
    NotYourJob,
    PicturesGone,
    PromptGone,
    PromptNotHere,
    ResultDeleted,
    StillUnreadable,
    TooLateToCancel,
    how_far,
)
from bot.domain.jobs.job import Cancel, Job, JobId, JobState
from bot.domain.jobs.reasons.result_errors import ResultUnreadable
from bot.domain.labelling import label_of
from bot.domain.members.actor import Actor
from bot.domain.moderation.asking import Asking
from bot.domain.pictures.picture import Attachments
from bot.domain.storage_errors import StorageUnavailable
from bot.imaging.finishing import Finishing
from bot.ports.accounts import GuildSettingsStore
from bot.ports.clock import Clock
from bot.ports.delivery import Deliverer, Standings
from bot.ports.pictures import BlobStore
from bot.ports.queue import JobRequests
from bot.services.members.moderators import Moderators

_log = structlog.get_logger(__name__)

_LIVE = frozenset({JobState.QUEUED, JobState.RUNNING})


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What a cancel came to; `is_own`: the asker's own job, so the asker's quota."""

    outcome: Cancel
    is_own: bool


@dataclass(frozen=True, slots=True)
class Repost:
    """A result to be posted once more."""

    job: Job
    system: str
    attachments: Attachments


class OwnJobs:
    """Answers members about their jobs, and moderators about those of their server."""

    def __init__(
        self,
        *,
        store: JobRequests,
        guilds: GuildSettingsStore,
        blobs: BlobStore,
        catalogue: Catalogue,
        standings: Standings,
        deliverer: Deliverer,
        moderators: Moderators,
        finishing: Finishing,
        ring: Callable[[], None],
        now: Clock,
    ) -> None:
        self._store = store
        self._guilds = guilds
        self._blobs = blobs
        self._catalogue = catalogue
        self._standings = standings
        self._deliverer = deliverer
        self._moderators = moderators
        self._finishing = finishing
        self._ring = ring
        self._now = now

    async def check_asker(self, job_id: JobId, asker: Actor) -> Job:
        """Return the job if the asker may act on it; raises NotYourJob, also where there is none.

        Whoever tries ids learns nothing of which there are.
        """
        job = await self._store.find(job_id)
        if job is None:
            raise NotYourJob
        to = job.order.destination
        is_own = to.user_id == asker.user_id
        if not is_own and not await self._moderators.include(asker, to.guild_id):
            raise NotYourJob
        return job

    async def cancel(self, job_id: JobId, asker: Actor, *, if_sent: bool) -> Cancelled:
        """Cancel; PAID asks for a second call with `if_sent`, because that one costs.

        Raises NotYourJob or TooLateToCancel.
        """
        asked_by = (await self.check_asker(job_id, asker)).order.destination.user_id
        outcome = await self._store.cancel(job_id, asker.user_id, self._now(), if_sent=if_sent)
        if outcome is Cancel.TOO_LATE:
            job = await self.check_asker(job_id, asker)
            raise TooLateToCancel(job=job_id, how=how_far(job))
        _log.info("cancel", job=job_id, by=asker.user_id, outcome=outcome.value)
        self._ring()
        return Cancelled(outcome, is_own=asked_by == asker.user_id)

    async def show_mark(self, job_id: JobId) -> None:
        """Show in the message of a job at work that it is being cancelled, unless it ended.

        A fault here is only logged: the cancel is carried out, and its member was told so.
        """
        try:
            job = await self._store.find(job_id)
            if job is not None and job.cancel_at is not None and job.state in _LIVE:
                await self._deliverer.announce(job, await self._standings.of(job))
        except StorageUnavailable as fault:
            _log.warning("mark_not_shown", job=job_id, reason=repr(fault.__cause__))

    async def prompt(self, job_id: JobId, reader: Actor, channel_id: int | None) -> str:
        """Return a job's whole prompt for whoever sees its beginning in a channel.

        Raises PromptGone after its retention, else PromptNotHere: for no job, and for one whose
        message cannot stand there.
        """
        job = await self._store.find(job_id)
        if job is None or not _can_see(job, reader, channel_id):
            raise PromptNotHere
        if job.deleted_at is not None or not job.order.options.prompt:
            raise PromptGone
        return job.order.options.prompt

    async def live(self, user_id: int) -> list[Job]:
        """Return a member's waiting and running jobs, newest first."""
        return [job for job in await self.recent(user_id) if job.state in _LIVE]

    async def finished(self, user_id: int) -> list[Job]:
        """Return a member's jobs whose pictures may still be kept, newest first."""
        recent = await self.recent(user_id)
        return [job for job in recent if _has_pictures(job) and job.outputs]

    async def recent(self, user_id: int) -> list[Job]:
        """Return a member's latest jobs, newest first."""
        return await self._store.of_member(user_id, CHOICES)

    async def places(self, jobs: list[Job]) -> dict[JobId, int]:
        """Return how many start before each of these that waits, unless it is held back."""
        waiting = [job for job in jobs if job.state is JobState.QUEUED and job.held_for is None]
        return {job.id: (await self._standings.of(job)).ahead for job in waiting}

    async def result(self, job_id: JobId, user_id: int) -> Job:
        """Return a member's own job with pictures.

        Raises JobNotFound, NoResultYet, ResultDeleted or PicturesGone.
        """
        job = await self._store.find(job_id)
        if job is None or job.order.destination.user_id != user_id:
            raise JobNotFound(job=job_id)
        if job.deleted_at is not None:
            raise ResultDeleted(job=job_id)
        if not _has_pictures(job):
            raise NoResultYet(job=job_id, how=how_far(job))
        if not job.outputs:
            raise PicturesGone(job=job_id)
        return job

    async def again(self, job: Job, max_bytes: int, asking: Asking | None = None) -> Repost:
        """Label a job's kept pictures anew, to be shown where somebody asks for them, if anywhere.

        Raises PicturesGone or StillUnreadable.
        """
        try:
            raw = [await self._blobs.get(key) for key in job.outputs]
        except KeyError as error:
            raise PicturesGone(job=job.id) from error
        engine = self._catalogue.get(job.order.engine)
        settings = await self._guilds.settings(job.order.destination.guild_id)
        label = label_of(job, engine, settings, self._finishing.labels, now=self._now())
        try:
            made = await self._finishing.attachment_sets(job, raw, label, self._blobs)
            attachments = await made.make(max_bytes)
        except ResultUnreadable as error:
            raise StillUnreadable(job=job.id) from error
        is_hidden = asking is not None and await self._hides(asking)
        return Repost(_hidden(job) if is_hidden else job, label.system, attachments)

    async def _hides(self, asking: Asking) -> bool:
        settings = await self._guilds.settings(asking.guild_id)
        return hides(settings, asking.channel_id, asking.parent_id)


def _hidden(job: Job) -> Job:
    to = replace(job.order.destination, spoiler=True)
    return replace(job, order=replace(job.order, destination=to))


def _can_see(job: Job, reader: Actor, channel_id: int | None) -> bool:
    to = job.order.destination
    if reader.user_id == to.user_id:
        return True
    if to.private:
        return False
    if to.guild_id is None:
        return channel_id == to.channel_id
    return reader.guild_id == to.guild_id  # /result posts it in any channel of its server


def _has_pictures(job: Job) -> bool:
    """Tell whether pictures were made that are kept, or were: what could not be read, too."""
    is_made = job.state is JobState.DONE or job.is_kept_unread
    return is_made and job.deleted_at is None
