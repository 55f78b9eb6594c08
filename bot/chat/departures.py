"""Hears from the gateway which servers took the bot in or removed it."""

import discord
from discord.ext import commands

from bot.chat.client import Client
from bot.domain.discord_limits import TIMELESS_BITS
from bot.services.moderation.departures import Departures


class DepartureListener(commands.Cog, name="Departures"):
    """Knows the servers of the ready session, and passes on that they changed."""

    def __init__(self, client: Client, departures: Departures) -> None:
        self._client = client
        self._departures = departures

    def present(self) -> set[int]:
        """Return the servers that have the bot now, those among them that are away for a while."""
        return {guild.id for guild in self._client.guilds}

    def is_ours(self, guild_id: int) -> bool:
        """Tell whether one of this process's shards hears of a server, now that all are ready."""
        count = self._client.shard_count or 1
        return (
            self._client.is_ready() and (guild_id >> TIMELESS_BITS) % count in self._client.shards
        )

    @commands.Cog.listener()
    async def on_guild_remove(self, _: discord.Guild) -> None:
        """Hear of a removal; of a server that is only away for a while the library says nothing."""
        self._departures.hear(self)

    @commands.Cog.listener()
    async def on_guild_join(self, _: discord.Guild) -> None:
        """Hear of a server that takes the bot in."""
        self._departures.hear(self)

    @commands.Cog.listener()
    async def on_guild_available(self, _: discord.Guild) -> None:
        """Hear of a server that is back after a while, which may have been missed before."""
        self._departures.hear(self)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Hear that this session knows its servers."""
        self._departures.hear(self)
