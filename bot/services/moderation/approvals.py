"""Brings newcomers' requests before the moderators, and carries out their yes or no."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import structlog

from bot.domain.jobs.errors import how_far
from bot.domain.jobs.job import Job, JobId
from bot.domain.jobs.reasons.denial import Denial
from bot.domain.members.actor import Actor
from bot.domain.moderation.approvals import Approval, AskedFor, NotAsked
from bot.domain.moderation.errors import DecidedAlready, NoLongerWaits, NotYourApproval
from bot.domain.moderation.owner_notices import OwnerNotice
from bot.ports.accounts import GuildSettingsStore
from bot.ports.clock import Clock
from bot.ports.moderation.asking import ApprovalMessages
from bot.ports.moderation.holding import ApprovalStore
from bot.ports.pictures import BlobStore
from bot.ports.queue import JobRequests
from bot.services.members.moderators import Moderators
from bot.services.moderation.holds import Holds
from bot.services.moderation.owner_notices import OwnerNotices

_log = structlog.get_logger(__name__)

Key = TypeVar("Key")

_LOOK_S = 15.0  # what another process accepted, or a crash left
_SOON_S = 2 * _LOOK_S  # so that others are asked meanwhile, however many break
_AGAIN_S = 300.0  # a channel that was closed to the bot may be open by then, a picture be there


class Approvals:
    """Asks in the server's log channel; what cannot be asked yet is tried again."""

    def __init__(
        self,
        *,
        store: ApprovalStore,
        jobs: JobRequests,
        blobs: BlobStore,
        settings: GuildSettingsStore,
        moderators: Moderators,
        holds: Holds,
        messages: ApprovalMessages,
        owners: OwnerNotices,
        ring_worker: Callable[[], None],
        now: Clock,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._blobs = blobs
        self._settings = settings
        self._moderators = moderators
        self._holds = holds
        self._messages = messages
        self._owners = owners
        self._ring_worker = ring_worker
        self._now = now
        self._bell = asyncio.Event()
        self._resting: dict[int, float] = {}  # servers, by when they are asked in again
        self._passed_over: dict[JobId, float] = {}

    def ring(self) -> None:
        """Say that something was accepted, or ended, that may have to be asked about."""
        self._bell.set()

    async def run(self) -> None:
        """Ask whatever is not asked yet, until cancelled."""
        while True:
            self._bell.clear()
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - a database that is away for a while ends no process
                _log.warning("approvals_not_looked_at", exc_info=True)
            try:
                async with asyncio.timeout(_LOOK_S):
                    await self._bell.wait()
            except TimeoutError:
                pass

    async def look(self) -> None:
        """Ask what waits and is not asked, and take the buttons from what ended by itself."""
        now = self._now()
        self._resting = _later(self._resting, now)
        self._passed_over = _later(self._passed_over, now)
        for approval, job in await self._store.unasked(but=self._resting, nor=self._passed_over):
            if not await _alone(self._ask, approval, job):
                self._passed_over[job.id] = now + _SOON_S
        for approval, job in await self._store.ended():
            await _alone(self._close, approval, job)

    async def waiting(self, job_id: JobId, actor: Actor) -> Job:
        """Return a job of the actor's server that waits for a yes, for who may say it.

        Raises NeedsModerator, NotYourApproval, DecidedAlready or NoLongerWaits.
        """
        await self._moderators.check(actor)
        job, approval = await self._jobs.find(job_id), await self._store.find(job_id)
        if job is None or approval is None or approval.guild_id != actor.guild_id:
            raise NotYourApproval
        self._check_open(approval, job)
        return job

    async def decide(self, job_id: JobId, actor: Actor, denial: Denial | None = None) -> None:
        """Carry out a yes, or a no; of two at once one. Raises what `waiting` does."""
        await self.waiting(job_id, actor)
        decision = await self._store.decide(job_id, actor.user_id, self._now(), denial)
        job = await self._jobs.find(job_id)
        if decision is None or job is None:
            raise NotYourApproval
        if not decision.is_new:
            self._check_open(decision.approval, job, is_over=True)
        _log.info("approval", job=job_id, by=actor.user_id, approved=denial is None)
        self._ring_worker()

    async def show(self, job_id: JobId) -> None:
        """Show moderators and the member what was decided; faults of that are only logged."""
        job, approval = await self._jobs.find(job_id), await self._store.find(job_id)
        if job is not None and approval is not None:
            await self._messages.settle(approval, job)
        await self._holds.show(job_id)

    def _check_open(self, approval: Approval, job: Job, *, is_over: bool = False) -> None:
        if approval.decided_by is not None:
            raise DecidedAlready(by=approval.decided_by)
        if is_over or approval.decided_at is not None or job.held_for is None:
            raise NoLongerWaits(how=how_far(job))

    async def _close(self, approval: Approval, job: Job) -> None:
        await self._messages.settle(approval, job)
        await self._store.close(job.id, self._now())

    async def _ask(self, approval: Approval, job: Job) -> None:
        """Ask in the log channel; without one, or where it is closed, once more after a while."""
        guild_id = approval.guild_id
        if guild_id in self._resting:
            return
        channel_id = (await self._settings.settings(guild_id)).log_channel_id
        asked: int | NotAsked = NotAsked.CLOSED
        if channel_id is not None:
            if approval.channel_id is None:
                await self._store.record_try(job.id, channel_id)
            asked = await self._messages.ask(channel_id, await self._asked_for(approval, job))
        if channel_id is None or asked is NotAsked.CLOSED:
            self._resting[guild_id] = self._now() + _AGAIN_S
            await self._owners.tell_once(guild_id, OwnerNotice.NOBODY_TO_APPROVE, channel_id)
            return
        if asked is NotAsked.REFUSED:
            _log.warning("approval_passed_over", job=job.id)
            self._passed_over[job.id] = self._now() + _AGAIN_S
            return
        await self._store.record_asked(job.id, channel_id, asked)
        await self._owners.mended(guild_id, OwnerNotice.NOBODY_TO_APPROVE)

    async def _asked_for(self, approval: Approval, job: Job) -> AskedFor:
        pictures = []
        for key in job.order.inputs:
            try:
                pictures.append(await self._blobs.get(key))
            except KeyError:
                _log.warning("input_gone", job=job.id, key=key)
        return AskedFor(approval, job, tuple(pictures))


async def _alone(
    do: Callable[[Approval, Job], Awaitable[None]], approval: Approval, job: Job
) -> bool:
    """Do something with one question; whatever breaks it keeps back no other.

    False where something broke it.
    """
    try:
        await do(approval, job)
    except Exception:  # noqa: BLE001 - it is logged, and tried again
        _log.warning("approval_not_looked_at", job=job.id, exc_info=True)
        return False
    return True


def _later(times: Mapping[Key, float], now: float) -> dict[Key, float]:
    return {key: at for key, at in times.items() if at > now}
