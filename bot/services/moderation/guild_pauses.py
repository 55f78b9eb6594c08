"""Moderators stop the queue of their server, and let it go on."""

from collections.abc import Callable

import structlog

from bot.domain.jobs.errors import NotPausedHere
from bot.domain.jobs.operations import GuildPause
from bot.domain.storage_errors import StorageUnavailable
from bot.ports.clock import Clock
from bot.ports.delivery import Deliverer, Standings
from bot.ports.moderation.holding import GuildPauseStore
from bot.services.queue import Queue

_log = structlog.get_logger(__name__)


class GuildPauses:
    """Pauses, drains and resumes one server; what runs there goes on in any case."""

    def __init__(
        self,
        *,
        store: GuildPauseStore,
        queue: Queue,
        standings: Standings,
        deliverer: Deliverer,
        ring: Callable[[], None],
        now: Clock,
    ) -> None:
        self._store = store
        self._queue = queue
        self._standings = standings
        self._deliverer = deliverer
        self._ring = ring
        self._now = now

    async def paused(self, guild_id: int) -> GuildPause | None:
        """Return what stops a server's queue, None where nothing does."""
        return await self._store.paused(guild_id)

    async def stop(
        self, guild_id: int, by: int, reason: str | None, *, is_drain: bool
    ) -> GuildPause:
        """Let nothing of a server start, and with a drain nothing new be accepted there.

        Without a reason that of an earlier pause stays. Returns what holds now.
        """
        wanted = GuildPause(reason or "", self._now(), is_drain)
        pause = await self._store.pause(guild_id, wanted, by)
        _log.info("guild_paused", guild=guild_id, by=by, is_drain=is_drain)
        self._standings.expire()
        return pause

    async def resume(self, guild_id: int, by: int) -> None:
        """Let a server's jobs start again; raises NotPausedHere."""
        if not await self._store.resume(guild_id, by, self._now()):
            raise NotPausedHere
        _log.info("guild_resumed", guild=guild_id, by=by)
        self._standings.expire()
        self._ring()

    async def tell(self, guild_id: int) -> None:
        """Show all who wait in a server where they stand now, also after 15 minutes.

        A fault of that is only logged: what was changed holds.
        """
        try:
            async for job in self._queue.all_free(guild_id):
                standing = await self._standings.of(job)
                await self._deliverer.announce(job, standing, at_any_time=True)
        except StorageUnavailable as fault:
            _log.warning("guild_pause_not_told", guild=guild_id, reason=repr(fault.__cause__))
