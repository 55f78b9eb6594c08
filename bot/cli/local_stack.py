"""The real bot between its stand-ins: what the demo, the tests and the benchmarks run on."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from bot.ports.clock import Clock
from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.world import Channel, Guild
from bot.sandbox.tencent.account import Artist
from bot.sandbox.tencent.server import TencentSandbox

if TYPE_CHECKING:
    from bot.app import App

_SECRET_ID = "AKIDstage000000000000000000000000000"  # noqa: S105 - opens the stand-in alone
_SECRET_KEY = "secret-key-of-the-stand-in"  # noqa: S105 - opens the stand-in alone
_TOKEN = "token-of-the-stand-in"  # noqa: S105 - opens the stand-in alone
_SUB_APP_ID = 1_500_000_001


@dataclass(frozen=True, slots=True)
class StandIns:
    """The world outside the bot: Discord with one server and one channel, and Tencent."""

    discord: DiscordSandbox
    tencent: TencentSandbox
    guild: Guild
    channel: Channel

    def visitor(self, name: str) -> Visitor:
        """Return a member of the server, in its channel."""
        return self.discord.visitor(name, self.guild, self.channel)

    def variables(self, folder: Path) -> dict[str, str]:
        """Return the environment with which a bot lives here; `folder` keeps what it stores."""
        return {
            "DISCORD_TOKEN": _TOKEN,
            "DATABASE_URL": f"sqlite:///{folder}/easel.db",
            "EASEL_DATA_DIR": str(folder),
            "EASEL_DISCORD_API": self.discord.api,
            "TENCENTCLOUD_SECRET_ID": _SECRET_ID,
            "TENCENTCLOUD_SECRET_KEY": _SECRET_KEY,
            "EASEL_AIART_ENDPOINT": self.tencent.url,
            "EASEL_VOD_ENDPOINT": self.tencent.url,
            "EASEL_VOD_SUB_APP_ID": str(_SUB_APP_ID),
        }


@asynccontextmanager
async def open_stand_ins(
    *,
    seconds_per_picture: float = 0.0,
    port: int = 0,
    routes: Callable[[web.Application], None] | None = None,
    artist: Artist | None = None,
    now: Clock = time.time,
) -> AsyncIterator[StandIns]:
    """Start the stand-ins on free ports; `port` and `routes` are for a page beside Discord.

    `artist` makes Tencent's pictures instead of the painter.
    """
    tencent = TencentSandbox(
        secret_id=_SECRET_ID,
        secret_key=_SECRET_KEY,
        vod_sub_app_id=_SUB_APP_ID,
        seconds_per_picture=seconds_per_picture,
        artist=artist,
        now=now,
    )
    discord = DiscordSandbox(token=_TOKEN, now=now, port=port, extra_routes=routes)
    async with tencent, discord:
        guild = discord.world.add_guild("The Atelier")
        yield StandIns(discord, tencent, guild, guild.add_channel("pictures"))


@asynccontextmanager
async def running_among(
    stand_ins: StandIns,
    folder: Path,
    *,
    variables: Mapping[str, str] | None = None,
    now: Clock = time.time,
    stop: asyncio.Event | None = None,
) -> AsyncIterator["App"]:
    """Run the bot until the block ends; `variables` replace settings, an empty one unsets it.

    An `easel.toml` in `folder` is read. `stop` is set when the bot breaks, too.
    """
    # Only now: the demo's page runs the bot in another process, and waits for less.
    from bot import app as bot_app  # noqa: PLC0415 - as said above
    from bot.settings.config import read_settings  # noqa: PLC0415 - as said above

    environment = {**stand_ins.variables(folder), **(variables or {})}
    settings = read_settings(environment, folder=folder)
    async with bot_app.running(settings, stop or asyncio.Event(), now=now) as app:
        await stand_ins.discord.gateway.wait_ready()
        yield app
