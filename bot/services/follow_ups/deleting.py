"""Deletes a result for good: what is shown and what is kept of it; the ledger stays."""

import structlog

from bot.domain.follow_ups.errors import NotFinished, NotYourResult
from bot.domain.jobs.job import Job, JobId, JobState
from bot.domain.members.actor import Actor
from bot.ports.clock import Clock
from bot.ports.delivery import Deliverer, Place
from bot.ports.pictures import BlobStore
from bot.ports.queue import JobDeletions
from bot.services.members.moderators import Moderators

_log = structlog.get_logger(__name__)

_UNFINISHED = frozenset({JobState.QUEUED, JobState.RUNNING})


class Deletions:
    """Deletes results for who asked for them, and for their server's moderators."""

    def __init__(
        self,
        *,
        store: JobDeletions,
        blobs: BlobStore,
        deliverer: Deliverer,
        moderators: Moderators,
        now: Clock,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._deliverer = deliverer
        self._moderators = moderators
        self._now = now

    async def check(self, job_id: JobId, actor: Actor) -> Job:
        """Return a result that somebody may delete; raises NotYourResult or NotFinished."""
        job = await self._store.find(job_id)
        if job is None or not await self._may_delete(job, actor):
            raise NotYourResult
        if job.state in _UNFINISHED:
            raise NotFinished
        return job

    async def delete(self, job_id: JobId, actor: Actor, shown: Place | None = None) -> bool:
        """Delete a result, again where an earlier time broke off; False where a message stays.

        First it is noted: from then on nothing posts it, or lets it be posted. Raises what `check`
        does, and Undeliverable where Discord does not take a message away now.
        """
        await self.check(job_id, actor)
        if await self._store.mark_deleted(job_id, actor.user_id, self._now()):
            _log.info("result_deleted", job=job_id, by=actor.user_id)
        await self._blobs.delete_all(job_id)
        await self._store.forget_deleted(job_id)
        # Read anew: it may have been posted up to the moment in which that was noted.
        copies = await self._store.copies(job_id)
        places = {*copies, *filter(None, [shown])}
        return await self._deliverer.remove(await self.check(job_id, actor), places)

    async def note_copy(self, job_id: JobId, place: Place) -> None:
        """Note where a result is about to be posted once more, so that it goes from there, too."""
        await self._store.note_copy(job_id, *place)

    async def is_deleted(self, job_id: JobId) -> bool:
        """Tell whether a result was deleted, or is not even known any more."""
        job = await self._store.find(job_id)
        return job is None or job.deleted_at is not None

    async def _may_delete(self, job: Job, actor: Actor) -> bool:
        """Tell whether somebody may delete a result: who asked for it, or a moderator there."""
        to = job.order.destination
        if to.user_id == actor.user_id:
            return True
        return await self._moderators.include(actor, to.guild_id)
