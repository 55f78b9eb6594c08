"""Finds the job of each style, whichever run and process it is of."""

from dataclasses import dataclass

from bot.cli.styles.requests import Wish, job_id
from bot.domain.engines.engine import Engine
from bot.domain.jobs.job import Job, JobId, JobState
from storage import Storage

_AT_WORK = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.DELIVERING})


@dataclass(frozen=True, slots=True)
class Found:
    """A style by its id, and the job that draws it; without one yet, the id that it will have.

    `data` is the raw picture, None while there is none.
    """

    style: str
    job_id: JobId
    job: Job | None = None
    data: bytes | None = None

    @property
    def is_to_draw(self) -> bool:
        """Whether a picture is to come, of a job that was accepted before or not."""
        return self.job is None or self.job.state in _AT_WORK


async def found_of(storage: Storage, engine: Engine, style: str, wish: Wish) -> Found:
    """Return the style as it stands; what ended without a picture and a bill is to draw again.

    So is what retention took the picture of. What ended as unknown may have been paid: it stays.
    """
    tries = 0
    while True:
        its = job_id(engine, style, wish, tries)
        job = await storage.jobs.find(its)
        if job is None or job.state in _AT_WORK:
            return Found(style, its, job)
        data = await raw_of(storage, job)
        if data is not None or job.state is JobState.UNKNOWN:
            return Found(style, its, job, data)
        tries += 1


async def raw_of(storage: Storage, job: Job) -> bytes | None:
    """Return the picture of a job; None where it made none, or retention has taken it."""
    if job.state is not JobState.DONE or not job.outputs:
        return None
    try:
        return await storage.blobs.get(job.outputs[0])
    except KeyError:
        return None
