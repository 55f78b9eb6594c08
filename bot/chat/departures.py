"""Hears from the gateway which servers took the bot in or removed it."""

from collections.abc import Iterator
from contextlib import contextmanager

import discord
import structlog
from discord.ext import commands

from bot.chat.client import Client
from bot.domain.discord_limits import TIMELESS_BITS
from bot.domain.storage_errors import StorageUnavailable
from bot.services.moderation.departures import Departures

_log = structlog.get_logger(__name__)


class DepartureListener(commands.Cog, name="Departures"):
    """Passes on what the gateway tells, and at each ready session what was missed before it."""

    def __init__(self, client: Client, departures: Departures) -> None:
        self._client = client
        self._departures = departures

    def present(self) -> set[int]:
        """Return the servers that have the bot now, those among them that are away for a while."""
        return {guild.id for guild in self._client.guilds}

    def is_ours(self, guild_id: int) -> bool:
        """Tell whether one of this process's shards hears of a server."""
        count = self._client.shard_count or 1
        return (guild_id >> TIMELESS_BITS) % count in self._client.shards

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Hear of a removal; of a server that is only away for a while the library says nothing."""
        with _only_logged(guild.id):
            await self._departures.left(guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Hear of a server that takes the bot in."""
        with _only_logged(guild.id):
            await self._departures.joined(guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Look what was missed while no session listened."""
        with _only_logged(None):
            await self._departures.compare(self)


@contextmanager
def _only_logged(guild_id: int | None) -> Iterator[None]:
    """Leave what a database that is away keeps from being noted to the next look."""
    try:
        yield
    except StorageUnavailable as fault:
        _log.warning("departure_unnoted", guild=guild_id, reason=repr(fault.__cause__))
