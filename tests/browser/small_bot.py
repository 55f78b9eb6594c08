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

JSON = dict[str, Any]


class SmallBot(discord.Client):
    """Answers every use with one ephemeral sentence; `form`, as Discord's JSON, is opened instead.

    All it says itself goes by Discord's own routes, since the library has no word for some of it.
    """

    def __init__(self, sandbox: DiscordSandbox, token: str) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)
        self._sandbox = sandbox
        self._token = token
        self.used: list[JSON] = []
        self.form: JSON | None = None

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Note it and answer it."""
        used: JSON = dict(interaction.data or {})
        self.used.append(used)
        said = f"You used {used.get('custom_id', used.get('name'))}: {used.get('values')}"
        answer: JSON = {"type": 4, "data": {"content": said, "flags": 64}}
        if self.form is not None and interaction.type is discord.InteractionType.component:
            answer = {"type": 9, "data": self.form}
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        await self._call("POST", path, answer)

    async def post(self, channel: Channel, **body: Any) -> JSON:
        """Post a message as it stands; it pings nobody."""
        quiet = {"allowed_mentions": {"parse": []}}
        return dict(await self._call("POST", f"/channels/{channel.id}/messages", quiet | body))

    async def register(self, *commands: JSON) -> None:
        """Let these be the commands that everybody is offered."""
        await self._call("PUT", f"/applications/{self.application_id}/commands", list(commands))

    async def _call(self, method: str, path: str, body: Any) -> Any:
        headers = {"Authorization": f"Bot {self._token}"}
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.request(method, self._sandbox.api + path, json=body) as answer,
        ):
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.status == 200 else None


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
