"""A bot that a test stops, and what may keep it from ending: a download, a lock, silence."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import event

from bot import app as bot_app
from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.guilds.settings import GuildSettings
from bot.ports.accounts import UsageRow
from bot.sandbox.discord.visitor import Reply
from bot.settings.config import read_settings
from storage import open_storage
from tests.loopback import listening
from tests.whole.conftest import Clock, photo

REFUSED = "Easel is restarting. What waits is kept"


CUT_SHORT_ELSE = "Look whether it was done before you repeat it"


CUT_SHORT = "If your picture was accepted, it will still appear here"


@dataclass
class Bot:
    """The bot in a task of its own, so that a test goes on while it stops."""

    app: App
    stop: asyncio.Event
    task: "asyncio.Task[None]"

    async def end(self, within_s: float = 10.0) -> None:
        """Stop, and return when nothing of it is left."""
        self.stop.set()
        async with asyncio.timeout(within_s):
            await self.task


@dataclass
class Start:
    """Starts the bot as `easel run` does, or as `easel run --no-worker`."""

    stand_ins: StandIns
    folder: Path
    clock: Clock
    bots: list[Bot] = field(default_factory=list)

    async def __call__(self, *, with_worker: bool = True, **variables: str) -> Bot:
        environment = {**self.stand_ins.variables(self.folder), **variables}
        settings = read_settings(environment, folder=self.folder)
        stop, started = asyncio.Event(), asyncio.get_running_loop().create_future()

        async def live() -> None:
            async with bot_app.running(
                settings, stop, now=self.clock, with_worker=with_worker
            ) as app:
                await self.stand_ins.discord.gateway.wait_ready()
                started.set_result(app)
                await stop.wait()

        task = asyncio.create_task(live())
        await asyncio.wait({task, started}, return_when=asyncio.FIRST_COMPLETED)
        self.bots.append(Bot(await started, stop, task))
        return self.bots[-1]


@pytest.fixture
async def start(stand_ins: StandIns, tmp_path: Path, clock: Clock) -> AsyncIterator[Start]:
    made = Start(stand_ins, tmp_path, clock)
    yield made
    for bot in made.bots:
        await bot.end()


@dataclass
class Door:
    """What a download from the CDN waits in front of."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture
async def door(stand_ins: StandIns) -> AsyncIterator[Door]:
    made, cdn = Door(), stand_ins.discord.cdn

    async def serve(request: web.Request) -> web.Response:
        made.reached.set()
        await made.opened.wait()
        return await cdn.serve(request)

    app = web.Application()
    app.router.add_get("/attachments/{channel}/{id}/{name}", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    cdn.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    made.opened.set()
    await runner.cleanup()


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another user of the database, who may keep everybody else from writing."""
    connection = sqlite3.connect(tmp_path / "easel.db", isolation_level=None)
    yield connection
    connection.close()


@dataclass
class Relay:
    """A way to Discord that can fall silent: connections stay, and nothing comes through."""

    port: int
    is_silent: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            if not self.is_silent:
                sink.write(data)
        sink.close()


@asynccontextmanager
async def relayed(stand_ins: StandIns) -> AsyncIterator[tuple[Relay, str]]:
    """Yield a relay, and the address of Discord's API through it."""
    discord = stand_ins.discord
    relay = Relay(int(discord.origin.rpartition(":")[2]))
    async with listening(relay.serve) as port:
        yield relay, discord.api.replace(f":{relay.port}/", f":{port}/")


def count_connections(app: App) -> list[object]:
    """Return a list that grows by one whenever anybody takes a connection to the database."""
    taken: list[object] = []
    event.listen(app.storage.engine.sync_engine, "checkout", lambda *_: taken.append(_))
    return taken


async def ledger(stand_ins: StandIns, folder: Path) -> list[UsageRow]:
    """The ledger as a stopped bot left it."""
    url = stand_ins.variables(folder)["DATABASE_URL"]
    async with open_storage(url, folder, readonly=True) as storage:
        return await storage.usage.rows(0.0)


async def set_budget(bot: "Bot", stand_ins: StandIns) -> None:
    """Let the next picture be the server's last, and be told so in a log channel."""
    guild, settings = stand_ins.guild, bot.app.storage.guild_settings
    log = int(guild.add_channel("log").id)
    kept = GuildSettings(budget_images=1, log_channel_id=log)
    await settings.change(int(guild.id), lambda _: kept, by=1, now=0.0)


def warned_of(writer: sqlite3.Connection) -> list[str]:
    """Which budgets are noted as warned of."""
    marks = "SELECT key FROM guild_settings WHERE key LIKE 'warned of%'"
    return [key for (key,) in writer.execute(marks)]


def kept_pictures(folder: Path) -> list[Path]:
    return [path for path in (folder / "pictures").rglob("*") if path.is_file()]


def left_running() -> "set[asyncio.Task[object]]":
    """Interactions that outlived their bot."""
    names = ("CommandTree-invoker", "discord-ui")
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(names)}


async def at_work(stand_ins: StandIns, door: Door) -> Reply:
    """Use a command that is at work until the door is opened."""
    reply = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
    await door.reached.wait()
    return reply
