"""Erases a member: jobs are cancelled, words and pictures go, limits stay under an alias."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import structlog

from bot.domain.jobs.job import Job
from bot.domain.personal.aliases import AliasOf
from bot.ports.clock import Clock
from bot.ports.delivery import Deliverer
from bot.ports.operations import RetentionStore
from bot.ports.personal.data import PersonalData
from bot.ports.pictures import BlobStore
from bot.ports.queue import JobRequests

_log = structlog.get_logger(__name__)

_LOOK_S = 60.0
_TELLING_S = 10.0  # an erasure waits no longer for a Discord that has a bad day


class Erasing:
    """Erases whoever asks; what still lives then goes as soon as it has ended."""

    def __init__(
        self,
        *,
        data: PersonalData,
        jobs: JobRequests,
        retention: RetentionStore,
        blobs: BlobStore,
        deliverer: Deliverer,
        alias_of: AliasOf,
        ring: Callable[[], None],
        now: Clock,
    ) -> None:
        self._data = data
        self._jobs = jobs
        self._retention = retention
        self._blobs = blobs
        self._deliverer = deliverer
        self._alias_of = alias_of
        self._ring = ring
        self._now = now

    async def run(self) -> None:
        """Look after what is still to be erased until cancelled; faults are only logged."""
        while True:
            try:
                await self.go_on()
            except Exception:  # noqa: BLE001 - a database that is away for a while ends no process
                _log.warning("erasures_unread", exc_info=True)
            await asyncio.sleep(_LOOK_S)

    async def live(self, user_id: int) -> int:
        """Return how many of a member's jobs wait or are at work."""
        return len(await self._data.live(user_id))

    async def erase(self, user_id: int) -> int:
        """Cancel and erase; returns how many jobs are still at work, which are erased later."""
        for job_id in await self._data.live(user_id):
            await self._jobs.cancel(job_id, user_id, self._now(), if_sent=True)
        self._ring()
        await self._show_ends(user_id)
        return await self._erase(user_id)

    async def go_on(self) -> int:
        """Erase what was at work when its member asked, as far as it has ended; returns of whom."""
        waiting = await self._data.unfinished()
        for user_id in waiting:
            await self._show_ends(user_id)
            await self._erase(user_id)
        return len(waiting)

    async def _show_ends(self, user_id: int) -> None:
        """Let no message go on saying that something waits: afterwards nobody knows of it.

        Without the words, which are about to be erased. Faults are only logged.
        """
        try:
            async with asyncio.timeout(_TELLING_S), asyncio.TaskGroup() as group:
                for job in await self._data.untold(user_id):
                    group.create_task(self._show_end(job))
        except TimeoutError:
            _log.warning("ends_not_shown_before_erasure")

    async def _show_end(self, job: Job) -> None:
        try:
            await self._deliverer.tell(_without_words(job))
        except Exception:  # noqa: BLE001 - an erasure waits for no message
            _log.warning("end_not_shown_before_erasure", job=job.id, exc_info=True)

    async def _erase(self, user_id: int) -> int:
        erased = await self._data.erase(user_id, self._alias_of(user_id), self._now())
        # The rows name the pictures until these are gone: what breaks off here, retention ends.
        for job_id in erased.jobs:
            await self._blobs.delete_all(job_id)
        await self._retention.forget_pictures(erased.jobs)
        # No id in this line: it would be kept longer than all the rest.
        _log.info("member_erased", jobs=len(erased.jobs), live=erased.live)
        return erased.live


def _without_words(job: Job) -> Job:
    options = replace(job.order.options, prompt="", negative=None)
    return replace(job, order=replace(job.order, options=options, inputs=()))
