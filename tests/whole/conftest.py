"""The whole bot between its stand-ins; whatever it does wrong there fails the test."""

import asyncio
import io
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from importlib.resources import files
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from PIL import Image

from bot.app import App
from bot.cli.local_stack import StandIns, open_stand_ins, running_among
from bot.ports.accounts import UsageRow
from bot.sandbox.discord.world.forms import Upload
from bot.sandbox.discord.world.world import Message
from bot.settings.config import Settings, read_settings
from bot.worker.loop import Worker
from tests.contract.orders import LIVE
from tests.sandbox.discord.openapi import official

Run = Callable[..., AbstractAsyncContextManager[App]]


class Clock:
    """Real time plus what a test skips, so that nobody sleeps through fifteen minutes."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def __call__(self) -> float:
        return time.time() + self.skipped


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _discord_as_it_was() -> Iterator[None]:
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest.fixture
async def stand_ins(clock: Clock) -> AsyncIterator[StandIns]:
    async with open_stand_ins(now=clock) as opened:
        yield opened
        opened.discord.faults.check()
        opened.tencent.faults.check()
        check_against_the_official_spec(opened)


def check_against_the_official_spec(stand_ins: StandIns) -> None:
    spec = official()
    if spec is None:
        return
    exchanges = stand_ins.discord.exchanges
    assert [complaint for exchange in exchanges for complaint in spec.complaints(exchange)] == []


@pytest.fixture
def migrated(sqlite_template: Path, tmp_path: Path) -> Path:
    """The bot's database where it will look for it, at the newest schema already."""
    return Path(shutil.copy(sqlite_template, tmp_path / "easel.db"))


@pytest.fixture
def settings(stand_ins: StandIns, tmp_path: Path) -> Settings:
    """What a process would read there."""
    return read_settings(stand_ins.variables(tmp_path), folder=tmp_path)


@pytest.fixture
def run(stand_ins: StandIns, migrated: Path, clock: Clock) -> Run:
    """Run the bot for the length of a block; variables replace settings.

    `stop` is set when the bot breaks; the block goes on, and leaving it raises why.
    """

    @asynccontextmanager
    async def running(*, stop: asyncio.Event | None = None, **variables: str) -> AsyncIterator[App]:
        async with running_among(
            stand_ins, migrated.parent, variables=variables, now=clock, stop=stop
        ) as app:
            yield app

    return running


@pytest.fixture
def quick_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers look again so often that no test has to sit out a beat; ask for it before `app`."""
    defaults = Worker.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "beat_s", 0.05)


@pytest.fixture
async def app(run: Run) -> AsyncIterator[App]:
    async with run() as opened:
        yield opened


def photo(
    size: tuple[int, int] = (320, 240), kind: str = "JPEG", name: str = "photo.jpg"
) -> Upload:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind)
    return Upload(name, out.getvalue())


def cat() -> Upload:
    return Upload("cat.jpg", files("bot.sandbox").joinpath("photos/cat.jpg").read_bytes())


def has_pictures(message: Message) -> bool:
    return bool(message.attachments)


def is_waiting(message: Message) -> bool:
    """The first thing shown of a job; it is being made already where a slot was free."""
    return "Queued" in message.text or "Being made" in message.text


def says(words: str) -> Callable[[Message], bool]:
    return lambda message: words in message.text


def undo_the_end(folder: Path, also: str = "") -> None:
    """Leave of every job what a crash just after its post leaves; no bot may run meanwhile.

    `also` are further columns to set, as SQL that begins with a comma.
    """
    undone = "state = 'delivering', told_at = NULL, finished_at = NULL"
    with closing(sqlite3.connect(folder / "easel.db")) as connection, connection:
        connection.execute(f"UPDATE jobs SET {undone}{also}")  # noqa: S608 - our own words


async def ledger(app: App) -> list[UsageRow]:
    return await app.storage.usage.rows(0.0)


async def until_settled(app: App, count: int = 1, timeout_s: float = 60.0) -> list[UsageRow]:
    """The ledger once `count` jobs have ended; the post comes a moment before the settling."""
    async with asyncio.timeout(timeout_s):
        while True:
            rows = await ledger(app)
            if sum(row.state not in LIVE for row in rows) >= count:
                return rows
            await asyncio.sleep(0.01)


def direct_messages(stand_ins: StandIns) -> list[Message]:
    """What the operator was told so far."""
    world = stand_ins.discord.world
    return world.direct_messages(world.owner)


async def all_direct_messages(stand_ins: StandIns, count: int = 1) -> list[Message]:
    """What the operator is told: so many messages, and what comes within a moment after them."""
    await until(lambda: len(direct_messages(stand_ins)) >= count)
    await asyncio.sleep(0.2)
    return direct_messages(stand_ins)


async def until(met: Callable[[], bool], timeout_s: float = 60.0) -> None:
    """Wait for what rings no bell here, such as a picture in work at the API."""
    async with asyncio.timeout(timeout_s):
        while not met():
            await asyncio.sleep(0.01)
