"""The results that follow-ups work on: whose they are, what is offered, the kept picture itself."""

import asyncio
from collections.abc import Sequence
from functools import partial

from bot.domain.discord_limits import CHOICES
from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.engines.plans import Plan
from bot.domain.errors import NoEngine
from bot.domain.follow_ups.errors import AlreadyAtWork, BeingPosted, NoEngineForThat, NotYourResult
from bot.domain.follow_ups.kinds import FollowUp, Offers
from bot.domain.follow_ups.requests import Request, engine_to_edit, filled_for, offers, request_of
from bot.domain.jobs.errors import PicturesGone
from bot.domain.jobs.job import Job, JobId, JobState, Lineage, Options
from bot.domain.jobs.uploads import check_upload_size
from bot.domain.members.actor import Actor
from bot.domain.pictures.picture import Picture
from bot.ports.pictures import BlobStore
from bot.ports.queue import JobRequests
from bot.services.uploads import Upload

_LOOKS, _LOOK_S = 50, 0.1
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG"


class Results:
    """Looks up what a press on a result's message needs; all but the job itself from memory."""

    def __init__(self, *, store: JobRequests, blobs: BlobStore, catalogue: Catalogue) -> None:
        self._store = store
        self._blobs = blobs
        self._catalogue = catalogue

    def offers(self, job: Job, pictures: Sequence[Picture]) -> Offers:
        """Return what can be made of a job's result with the engines usable now."""
        shapes = [(picture.width, picture.height) for picture in pictures]
        return offers(job, self._catalogue, shapes)

    async def original(self, job_id: JobId, actor: Actor) -> Job:
        """Return the job of a button; raises NotYourResult, whatever the reason."""
        job = await self._store.find(job_id)
        if job is None or job.deleted_at is not None or not may_use(job, actor):
            raise NotYourResult
        return job

    async def kept(self, job_id: JobId, actor: Actor) -> Job:
        """Return the same once its pictures are kept, which they are a moment after the post.

        Raises NotYourResult or BeingPosted.
        """
        for _ in range(_LOOKS):
            job = await self.original(job_id, actor)
            if job.state is not JobState.DELIVERING or job.outputs:
                return job
            await asyncio.sleep(_LOOK_S)
        raise BeingPosted

    def request(self, kind: FollowUp, job: Job) -> Request:
        """Return what a follow-up becomes with the engines usable now; raises NoEngineForThat."""
        request = request_of(kind, job, self._catalogue)
        if request is None:
            raise NoEngineForThat
        return request

    def engine_to_edit(self, job: Job) -> Engine:
        """Return the engine that an edit is filled in for; raises NoEngine or ServicePaused."""
        engine = engine_to_edit(job, self._catalogue)
        if engine is None:
            self._catalogue.candidates(job.order.command)
            raise NoEngine(command=job.order.command)
        return engine

    def plan(self, request: Request, size: int, lineage: Lineage, claim: str | None = None) -> Plan:
        """Return the plan of a follow-up of a picture of so many bytes; raises FileTooLarge."""
        check_upload_size(size)
        return Plan(
            request.command, request.choices, has_uploads=True, lineage=lineage, claim=claim
        )

    def engines_for(self, job: Job) -> list[Engine]:
        """Return the engines that may do a job in place of its own, best first; raises NoEngine.

        Its own comes last: it may work again meanwhile.
        """
        command, own = job.order.command, job.order.engine
        engines = self._catalogue.candidates(command)
        pictures = max(len(job.order.inputs), int(command != "imagine"))
        taking = [each for each in engines if each.capabilities.references >= pictures]
        return sorted(taking or engines, key=lambda engine: engine.name == own)[:CHOICES]

    def filled(self, engine: Engine, job: Job) -> Options:
        """Return a job's options as a form for this engine is filled in with them."""
        return filled_for(engine, job, self._catalogue)

    async def inputs(self, job: Job) -> list[Upload] | None:
        """Return the job's own input pictures; None when they are no longer kept."""
        keys = job.order.inputs
        if not keys:
            # A job from a picture lost their names with the pictures (retention).
            return [] if job.order.command == "imagine" else None
        found = [await self._kept(key, job) for key in keys]
        return None if None in found else [upload for upload in found if upload is not None]

    async def picture(self, job: Job, number: int) -> Upload | None:
        """Return one of a job's kept raw pictures; None where it is no longer kept."""
        if not 0 <= number < len(job.outputs):
            return None
        return await self._kept(job.outputs[number], job)

    async def picture_or_raise(self, job: Job, number: int) -> Upload:
        """Return the same; raises PicturesGone."""
        picture = await self.picture(job, number)
        if picture is None:
            raise PicturesGone(job=job.id)
        return picture

    async def claim(self, user_id: int, job: Job, kind: FollowUp, number: int) -> str:
        """Return what a press claims for its member until its job ends.

        Raises AlreadyAtWork, early where it can be; of presses at once `accept` takes one.
        """
        claim = f"{job.id}:{kind}:{number}"
        if await self._store.is_at_work(user_id, claim):
            raise AlreadyAtWork
        return claim

    async def _kept(self, key: str, job: Job) -> Upload | None:
        try:
            data = await self._blobs.get(key)
        except KeyError:
            return None
        # An engine's own picture goes to the next one as it is, where that takes its kind and size:
        # nothing of it is lost, and nobody waits for its decoding.
        is_fitted = data.startswith((_JPEG, _PNG))
        return Upload(len(data), partial(self._read, key, job), is_fitted=is_fitted)

    async def _read(self, key: str, job: Job) -> bytes:
        try:
            return await self._blobs.get(key)
        except KeyError as error:  # deleted since it was looked for
            raise PicturesGone(job=job.id) from error


def may_use(job: Job, actor: Actor) -> bool:
    """Tell whether somebody may make something of a job's result: who asked for it."""
    return job.order.destination.user_id == actor.user_id
