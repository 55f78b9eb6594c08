"""A small real bot beside the stand-in: it posts what it is told to, and notes what is used."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.world.world import Channel


class SmallBot(discord.Client):
    """Answers every use of a component with one ephemeral sentence; `form` is opened instead."""

    def __init__(self, sandbox: DiscordSandbox, token: str) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)
        self._sandbox = sandbox
        self._token = token
        self.used: list[dict[str, Any]] = []
        self.form: discord.ui.Modal | None = None

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Note it and answer it."""
        used: dict[str, Any] = dict(interaction.data or {})
        self.used.append(used)
        if self.form is not None and interaction.type is discord.InteractionType.component:
            await interaction.response.send_modal(self.form)
            return
        said = f"You used {used.get('custom_id')}: {used.get('values')}"
        await interaction.response.send_message(said, ephemeral=True)

    async def post(self, channel: Channel, **body: Any) -> dict[str, Any]:
        """Post a message as it stands, by Discord's own route; it pings nobody."""
        url = f"{self._sandbox.api}/channels/{channel.id}/messages"
        headers = {"Authorization": f"Bot {self._token}"}
        quiet = {"allowed_mentions": {"parse": []}}
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.post(url, json=quiet | body) as answer,
        ):
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())


@asynccontextmanager
async def small_bot(sandbox: DiscordSandbox, token: str) -> AsyncIterator[SmallBot]:
    """Run one until the block ends, in the place of the real bot."""
    before = Route.BASE, discord.Asset.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = sandbox.api
    discord.Asset.BASE = sandbox.origin
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway.url)
    bot = SmallBot(sandbox, token)
    living = asyncio.create_task(bot.start(token))
    try:
        await sandbox.gateway.wait_ready()
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(living, return_exceptions=True)
        Route.BASE, discord.Asset.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
