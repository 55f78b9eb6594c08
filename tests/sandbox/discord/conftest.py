"""A small real discord.py bot, and the local Discord it lives in."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from PIL import Image

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.world import Channel
from tests.sandbox.discord.openapi import official

TOKEN = "sandbox-token"
Handler = Callable[[discord.Interaction], Awaitable[None]]


class Clock:
    """Real time plus what a test skips."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def __call__(self) -> float:
        return time.time() + self.skipped


def picture(colour: str = "red", kind: str = "PNG") -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (32, 24), colour).save(buffer, kind)
    return buffer.getvalue()


class Layout(discord.ui.LayoutView):
    """A V2 result: a text, a gallery of attached files, buttons that outlive the view."""

    def __init__(self, text: str, *filenames: str, buttons: tuple[str, ...] = ()) -> None:
        super().__init__(timeout=None)
        self.add_item(discord.ui.TextDisplay(text))
        if filenames:
            gallery = discord.ui.MediaGallery[Layout]()
            for name in filenames:
                gallery.add_item(media=f"attachment://{name}", description="a picture")
            self.add_item(gallery)
        if buttons:
            row = discord.ui.ActionRow[Layout]()
            for label in buttons:
                row.add_item(discord.ui.Button(label=label, custom_id=f"test:{label.lower()}"))
            self.add_item(row)


def file(name: str, data: bytes | None = None) -> discord.File:
    return discord.File(BytesIO(picture() if data is None else data), name)


class LocalBot(commands.AutoShardedBot):
    """The bot of these tests. `handlers` says what a command does; by default it defers."""

    def __init__(self) -> None:
        super().__init__(
            commands.when_mentioned,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.05,
        )
        self.handlers: dict[str, Handler] = {}
        self.resumes = 0
        self.used: list[discord.Interaction] = []

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The five seconds between shards are Discord's rule, not these tests' subject."""

    async def on_shard_resumed(self, _shard_id: int) -> None:
        self.resumes += 1

    async def setup_hook(self) -> None:
        add_commands(self)
        await self.tree.sync()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.used.append(interaction)
        if interaction.type is discord.InteractionType.component:
            await self.handle(str(dict(interaction.data or {}).get("custom_id")), interaction)

    async def handle(self, name: str, interaction: discord.Interaction) -> None:
        handler = self.handlers.get(name)
        if handler:
            await handler(interaction)
        elif not interaction.response.is_done():
            await interaction.response.defer(thinking=True)


def add_commands(bot: LocalBot) -> None:
    tree = bot.tree

    @tree.command(description="Make a picture")
    @app_commands.choices(ratio=[app_commands.Choice(name="Square", value="1:1")])
    async def imagine(
        interaction: discord.Interaction,
        prompt: app_commands.Range[str, 1, 4000],
        count: app_commands.Range[int, 1, 4] = 1,
        ratio: app_commands.Choice[str] | None = None,
    ) -> None:
        interaction.extras["given"] = (prompt, count, ratio.value if ratio else None)
        await bot.handle("imagine", interaction)

    @tree.command(description="Restyle a picture")
    async def restyle(
        interaction: discord.Interaction,
        image: discord.Attachment,
        prompt: str | None = None,
        style: str | None = None,
        strength: app_commands.Range[float, 0.0, 1.0] = 0.7,
    ) -> None:
        interaction.extras["given"] = (image, prompt, style, strength)
        await bot.handle("restyle", interaction)

    @restyle.autocomplete("style")
    async def styles(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = ("watercolour", "oil", "anime")
        return [app_commands.Choice(name=n, value=n) for n in names if n.startswith(typed)]

    quota = app_commands.Group(name="quota", description="Quotas")

    @quota.command(name="show", description="Show a quota")
    async def show(
        interaction: discord.Interaction,
        user: discord.Member | None = None,
        role: discord.Role | None = None,
    ) -> None:
        interaction.extras["given"] = (user, role)
        await bot.handle("quota show", interaction)

    tree.add_command(quota)

    @tree.command(description="Open a form")
    async def form(interaction: discord.Interaction) -> None:
        await bot.handle("form", interaction)

    @tree.context_menu(name="Show quota")
    async def show_quota(interaction: discord.Interaction, member: discord.Member) -> None:
        interaction.extras["given"] = (member,)
        await bot.handle("Show quota", interaction)

    @tree.context_menu(name="Restyle image")
    async def restyle_image(interaction: discord.Interaction, message: discord.Message) -> None:
        interaction.extras["given"] = (message,)
        await bot.handle("Restyle image", interaction)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@asynccontextmanager
async def running(sandbox: DiscordSandbox, bot: LocalBot) -> AsyncIterator[LocalBot]:
    Route.BASE = sandbox.api
    discord.Asset.BASE = sandbox.origin
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway.url)
    task = asyncio.create_task(bot.start(TOKEN))
    try:
        ready = asyncio.create_task(sandbox.gateway.wait_ready())
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            ready.cancel()
            task.result()
        await ready
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(autouse=True)
def _addresses() -> Iterator[None]:
    before = Route.BASE, discord.Asset.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, discord.Asset.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox(token=TOKEN, now=clock) as served:
        served.world.add_guild("Studio").add_channel("pictures")
        yield served
        checker = official()
        complaints = [c for e in served.exchanges for c in checker.complaints(e)] if checker else []
        assert not complaints, "\n".join(complaints)


@pytest.fixture
async def bot(sandbox: DiscordSandbox) -> AsyncIterator[LocalBot]:
    async with running(sandbox, LocalBot()) as local:
        yield local


Raw = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
def raw(sandbox: DiscordSandbox) -> Raw:
    """A client without discord.py's own checks: raw("POST", "/path", json) -> (status, body)."""

    async def request(
        method: str, path: str, body: Any = None, *, token: str | None = TOKEN, **more: Any
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {token}"} if token else {}
        sent = {"json": body} if body is not None else more
        url = sandbox.api + path
        async with sandbox.http.request(method, url, headers=headers, **sent) as response:
            return response.status, await response.json() if response.status != 204 else None

    return request


@pytest.fixture
def channel(sandbox: DiscordSandbox) -> Channel:
    return next(iter(sandbox.world.guilds.values())).channels[0]


@pytest.fixture
def ada(sandbox: DiscordSandbox) -> Visitor:
    guild = next(iter(sandbox.world.guilds.values()))
    return sandbox.visitor("Ada", guild, guild.channels[0])
