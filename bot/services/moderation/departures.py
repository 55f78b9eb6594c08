"""What a removal of the bot means to a server: waiting jobs end, settings go after a month."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import structlog

from bot.ports.clock import Clock
from bot.ports.moderation.departures import DepartureStore

_log = structlog.get_logger(__name__)

KEPT_S = 30 * 86400.0  # settings of a server that may take the bot in again
_LOOK_S = 3600.0


class Servers(Protocol):
    """The servers that a ready session hears of."""

    def present(self) -> set[int]:
        """Return those that have the bot now."""

    def is_ours(self, guild_id: int) -> bool:
        """Tell whether this session would hear of a server, if it had the bot."""


class Departures:
    """Compares the servers that have the bot with those that something is set or waits in."""

    def __init__(self, *, store: DepartureStore, ring: Callable[[], None], now: Clock) -> None:
        self._store = store
        self._ring = ring
        self._now = now
        self._servers: Servers | None = None
        self._news = asyncio.Event()

    def hear(self, servers: Servers) -> None:
        """Let a look follow at once: a session is ready, or a server took the bot in or removed it.

        The work is `run`'s, which a stop waits for; a look finds all of it, whatever was missed.
        """
        self._servers = servers
        self._news.set()

    async def run(self) -> None:
        """Look at once and every hour until cancelled; faults are only logged."""
        while True:
            self._news.clear()
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - a database that is away for a while ends no process
                _log.warning("departures_unread", exc_info=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await self._news.wait()

    async def look(self) -> None:
        """Forget servers in time, and note which of them have the bot no more, or again."""
        await self.forget()
        if self._servers is not None:
            await self._compare(self._servers)

    async def _compare(self, servers: Servers) -> None:
        present = servers.present()
        await self._store.come_back(present)
        for guild_id in await self._store.known() - present:
            if servers.is_ours(guild_id):
                ended = await self._store.leave(guild_id, self._now())
                _log.info("removed_from_server", guild=guild_id, ended=len(ended))
                self._ring()

    async def forget(self) -> None:
        """Erase what was set in servers that the bot was removed from a month ago."""
        for guild_id in await self._store.forget_left_before(self._now() - KEPT_S):
            _log.info("server_forgotten", guild=guild_id)
