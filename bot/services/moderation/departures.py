"""What a removal of the bot means to a server: waiting jobs end, settings go after a month."""

import asyncio
from collections.abc import Callable
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
    """Is told who took the bot in or removed it, and looks itself who is to be forgotten."""

    def __init__(self, *, store: DepartureStore, ring: Callable[[], None], now: Clock) -> None:
        self._store = store
        self._ring = ring
        self._now = now
        self._servers: Servers | None = None

    async def left(self, guild_id: int) -> None:
        """End what waits in a server that the bot was removed from."""
        ended = await self._store.leave(guild_id, self._now())
        _log.info("removed_from_server", guild=guild_id, ended=len(ended))
        self._ring()

    async def joined(self, guild_id: int) -> None:
        """Keep what a server had set, if it had the bot before."""
        await self._store.come_back([guild_id])

    async def compare(self, servers: Servers) -> None:
        """Note what was missed while nobody listened, and again with each look from now on."""
        self._servers = servers
        await self._compare(servers)

    async def _compare(self, servers: Servers) -> None:
        present = servers.present()
        await self._store.come_back(present)
        for guild_id in await self._store.known() - present:
            if servers.is_ours(guild_id):
                await self.left(guild_id)

    async def run(self) -> None:
        """Forget in time, and find what was missed, until cancelled; faults are only logged."""
        while True:
            try:
                await self.forget()
                if self._servers is not None:
                    await self._compare(self._servers)
            except Exception:  # noqa: BLE001 - a database that is away for a while ends no process
                _log.warning("departures_unread", exc_info=True)
            await asyncio.sleep(_LOOK_S)

    async def forget(self) -> None:
        """Erase what was set in servers that the bot was removed from a month ago."""
        for guild_id in await self._store.forget_left_before(self._now() - KEPT_S):
            _log.info("server_forgotten", guild=guild_id)
