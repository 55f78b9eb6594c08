"""Makes an earlier job once more: what was asked then, and the pictures that were handed in."""

from functools import partial

from bot.domain.jobs.errors import JobNotFound, NotYours
from bot.domain.jobs.job import Job, JobId
from bot.ports.pictures import BlobStore
from bot.ports.queue import JobRequests
from bot.services.uploads import Upload


class Repeats:
    """Looks up what a member's Again button needs."""

    def __init__(self, *, store: JobRequests, blobs: BlobStore) -> None:
        self._store = store
        self._blobs = blobs

    async def original(self, job_id: JobId, user_id: int) -> Job:
        """Return the job of the button; raises JobNotFound or NotYours."""
        job = await self._store.find(job_id)
        if job is None:
            raise JobNotFound(job=job_id)
        if job.order.destination.user_id != user_id:
            raise NotYours(command=job.order.command)
        return job

    async def inputs(self, job: Job) -> list[Upload] | None:
        """Return the job's own input pictures; None when they are no longer kept."""
        keys = job.order.inputs
        if not keys:
            # A job from a picture lost their names with the pictures (retention).
            return [] if job.order.command == "imagine" else None
        try:
            sizes = [len(await self._blobs.get(key)) for key in keys]
        except KeyError:
            return None
        return [
            Upload(size, partial(self._blobs.get, key), is_fitted=True)
            for key, size in zip(keys, sizes, strict=True)
        ]
