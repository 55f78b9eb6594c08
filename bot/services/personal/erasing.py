"""Erases a member: jobs are cancelled, words and pictures go, limits stay under an alias."""

import asyncio
from collections.abc import Callable

import structlog

from bot.domain.personal.aliases import AliasOf
from bot.ports.clock import Clock
from bot.ports.operations import RetentionStore
from bot.ports.personal.data import PersonalData
from bot.ports.pictures import BlobStore
from bot.ports.queue import JobRequests

_log = structlog.get_logger(__name__)

_LOOK_S = 60.0


class Erasing:
    """Erases whoever asks; what still lives then goes as soon as it has ended."""

    def __init__(
        self,
        *,
        data: PersonalData,
        jobs: JobRequests,
        retention: RetentionStore,
        blobs: BlobStore,
        alias_of: AliasOf,
        ring: Callable[[], None],
        now: Clock,
    ) -> None:
        self._data = data
        self._jobs = jobs
        self._retention = retention
        self._blobs = blobs
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
        return await self._erase(user_id)

    async def go_on(self) -> int:
        """Erase what was at work when its member asked, as far as it has ended; returns of whom."""
        waiting = await self._data.unfinished()
        for user_id in waiting:
            await self._erase(user_id)
        return len(waiting)

    async def _erase(self, user_id: int) -> int:
        erased = await self._data.erase(user_id, self._alias_of(user_id), self._now())
        # The rows name the pictures until these are gone: what breaks off here, retention ends.
        for job_id in erased.jobs:
            await self._blobs.delete_all(job_id)
        await self._retention.forget_pictures(erased.jobs)
        # No id in this line: it would be kept longer than all the rest.
        _log.info("member_erased", jobs=len(erased.jobs), live=erased.live)
        return erased.live
