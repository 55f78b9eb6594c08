"""A stop: what is at work ends well, what comes later is refused, and nothing is left running."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import event
from structlog.testing import capture_logs

from bot import app as bot_app
from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.engines.states import GONE_S, Fault, Kind
from bot.ports.accounts import UsageRow
from bot.sandbox.discord.visitor import NotAcknowledged, Reply
from bot.settings.config import read_settings
from storage import open_storage
from tests.loopback import listening
from tests.whole.conftest import Clock, Run, has_pictures, photo, until, until_settled
from tests.whole.failing.test_answers import panel

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
    await settings.set_budgets(int(guild.id), 1, None)
    await settings.set_log_channel(int(guild.id), int(guild.add_channel("log").id))


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


@pytest.mark.parametrize("with_worker", [True, False])
async def test_a_command_at_work_is_finished_and_its_job_kept_for_the_next_start(
    start: Start, run: Run, stand_ins: StandIns, tmp_path: Path, door: Door, *, with_worker: bool
) -> None:
    bot = await start(with_worker=with_worker)
    reply = await at_work(stand_ins, door)
    bot.stop.set()
    await asyncio.sleep(0.2)
    assert not bot.task.done()
    door.opened.set()
    await bot.end()
    assert reply.message is not None
    assert "Queued" in reply.message.text
    [row] = await ledger(stand_ins, tmp_path)
    assert row.state == "queued"
    async with run() as app:
        await reply.until(has_pictures, timeout=20)
        await until_settled(app)


@pytest.mark.parametrize("with_worker", [True, False])
async def test_a_command_that_comes_during_the_stop_is_refused_and_nothing_is_reserved(
    start: Start, stand_ins: StandIns, tmp_path: Path, door: Door, *, with_worker: bool
) -> None:
    bot = await start(with_worker=with_worker)
    await at_work(stand_ins, door)
    bob = stand_ins.visitor("Bob")
    assert await bob.type("imagine", "engine", "")
    bot.stop.set()
    reply = await bob.imagine("a quiet lake")
    assert reply.ephemeral
    assert REFUSED in (await reply.until(lambda shown: bool(shown.text))).text
    assert await bob.type("imagine", "engine", "") == []
    door.opened.set()
    await bot.end()
    assert [row.user_id for row in await ledger(stand_ins, tmp_path)] == [
        int(stand_ins.visitor("Ada").user.id)
    ]


@pytest.mark.parametrize("label", ["lasting work", "passing", "form"])
async def test_what_is_pressed_or_submitted_during_the_stop_is_refused(
    start: Start, stand_ins: StandIns, door: Door, label: str
) -> None:
    bot = await start(with_worker=False)
    message = await panel(bot.app, stand_ins)
    bob = stand_ins.visitor("Bob")
    opened = await bob.press(message, "form")
    await at_work(stand_ins, door)
    bot.stop.set()
    await asyncio.sleep(0)
    if label == "form":
        reply = await bob.submit_modal(opened, {"words": "any"})
    else:
        reply = await bob.press(message, label)
    assert REFUSED in (await reply.until(lambda shown: bool(shown.text))).text
    assert reply.ephemeral
    assert message.text == "Press!"


@pytest.mark.parametrize("private", [True, False])
async def test_an_upload_that_never_comes_is_given_up_and_its_member_told(
    start: Start,
    run: Run,
    stand_ins: StandIns,
    tmp_path: Path,
    door: Door,
    monkeypatch: pytest.MonkeyPatch,
    *,
    private: bool,
) -> None:
    monkeypatch.setattr("bot.chat.interactions._GRACE_S", 0.1)
    bot = await start()
    reply = await stand_ins.visitor("Ada").restyle(photo(), private=private)
    await door.reached.wait()
    await bot.end(within_s=5)
    assert reply.message is not None
    assert CUT_SHORT in reply.message.text
    assert (reply.ephemeral, reply.followups) == (private, [])
    assert await ledger(stand_ins, tmp_path) == []
    assert kept_pictures(tmp_path) == []
    door.opened.set()
    async with run() as app:
        again = await stand_ins.visitor("Ada").restyle(photo())
        await again.until(has_pictures)
        assert len(await until_settled(app)) == 1


async def test_what_is_being_accepted_when_the_grace_ends_is_accepted_whole(
    start: Start,
    run: Run,
    stand_ins: StandIns,
    tmp_path: Path,
    writer: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.chat.interactions._GRACE_S", 0.1)
    bot = await start(with_worker=False)
    writer.execute("BEGIN IMMEDIATE")
    first = await stand_ins.visitor("Ada").restyle(photo())
    connections: Any = bot.app.storage.engine.pool
    # Her picture is whole under its own name, and she waits in the database: nobody overtakes her.
    await until(lambda: len(list((tmp_path / "pictures").glob("[!.]*/*/*/*"))) == 1)
    await until(lambda: connections.checkedout() == 1)
    second = await stand_ins.visitor("Bob").restyle(photo())
    bot.stop.set()
    await asyncio.wait({bot.task}, timeout=0.5)
    assert not bot.task.done()
    writer.execute("ROLLBACK")
    await bot.end()
    for reply in (first, second):
        assert reply.message is not None
        assert CUT_SHORT in reply.message.text
    [row] = await ledger(stand_ins, tmp_path)
    assert row.user_id == int(stand_ins.visitor("Ada").user.id)
    async with run() as app:
        await first.until(has_pictures, timeout=20)
        assert len(await until_settled(app)) == 1
    assert CUT_SHORT in second.message.text


async def test_a_warning_noted_by_a_request_cut_short_is_given_at_the_next_one(
    start: Start,
    stand_ins: StandIns,
    tmp_path: Path,
    writer: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.chat.interactions._GRACE_S", 0.1)
    bot = await start(with_worker=False)
    await set_budget(bot, stand_ins)
    writer.execute("BEGIN IMMEDIATE")
    await stand_ins.visitor("Ada").restyle(photo())
    await until(lambda: len(kept_pictures(tmp_path)) == 1)
    bot.stop.set()
    await asyncio.wait({bot.task}, timeout=0.5)
    writer.execute("ROLLBACK")
    await bot.end()
    assert [row.state for row in await ledger(stand_ins, tmp_path)] == ["queued"]
    assert warned_of(writer) == []


async def test_a_stop_waits_for_no_notice_of_a_reply_that_it_cuts_short(
    start: Start,
    stand_ins: StandIns,
    tmp_path: Path,
    door: Door,
    writer: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.chat.interactions._GRACE_S", 0.3)
    monkeypatch.setattr("bot.chat.interactions._TELL_S", 0.3)
    async with relayed(stand_ins) as (relay, api):
        bot = await start(with_worker=False, EASEL_DISCORD_API=api)
        await set_budget(bot, stand_ins)
        await at_work(stand_ins, door)
        relay.is_silent = True
        door.opened.set()
        await until(lambda: len(warned_of(writer)) == 1)
        await bot.end(within_s=3)
    assert [row.state for row in await ledger(stand_ins, tmp_path)] == ["queued"]
    assert warned_of(writer) == []


@pytest.mark.parametrize("deferred_after_s", [1.0, 0.0])
async def test_what_is_no_job_is_told_to_look_whether_it_was_done(
    start: Start,
    stand_ins: StandIns,
    writer: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    deferred_after_s: float,
) -> None:
    monkeypatch.setattr("bot.chat.interactions._GRACE_S", 0.1)
    monkeypatch.setattr("bot.chat.interactions._ACKNOWLEDGE_AFTER_S", deferred_after_s)
    bot = await start(with_worker=False)
    stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    mo, ada = stand_ins.visitor("Mo"), stand_ins.visitor("Ada")
    writer.execute("BEGIN IMMEDIATE")
    granting = asyncio.create_task(mo.use("quota grant", user=ada.user, images=2, reason="a prize"))
    await until(lambda: len(left_running()) == 1)
    if not deferred_after_s:
        await granting
    bot.stop.set()
    await asyncio.wait({bot.task}, timeout=0.5)
    writer.execute("ROLLBACK")
    reply = await granting
    await bot.end()
    assert reply.message is not None
    assert CUT_SHORT_ELSE in reply.message.text
    assert "picture" not in reply.message.text
    assert reply.ephemeral
    assert writer.execute("SELECT images FROM grants").fetchall() == [(2,)]


async def test_a_reply_that_breaks_in_any_way_keeps_the_others_from_nothing(
    start: Start, stand_ins: StandIns, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.interactions._GRACE_S", 0.1)
    bot = await start(with_worker=False)
    broken = await at_work(stand_ins, door)
    other = await stand_ins.visitor("Bob").restyle(photo(), engine="anime")
    await asyncio.sleep(0.1)
    path = rf"/webhooks/\d+/{broken.interaction.token}/messages/@original"
    no_message = {"content": "no message at all"}
    stand_ins.discord.script("GET", path, status=200, body=no_message)
    with capture_logs() as logs:
        await bot.end()
    assert other.message is not None
    assert CUT_SHORT in other.message.text
    [line] = [log for log in logs if log["event"] == "cut_short_not_told"]
    assert isinstance(line["exc_info"], KeyError)
    exchanges = stand_ins.discord.exchanges  # that answer was wrong on purpose
    exchanges.remove(next(each for each in exchanges if each.response == no_message))


async def test_no_connection_to_the_database_is_taken_after_the_stop(
    start: Start, stand_ins: StandIns, tmp_path: Path, writer: sqlite3.Connection
) -> None:
    bot = await start(with_worker=False)
    taken = count_connections(bot.app)
    writer.execute("BEGIN IMMEDIATE")
    asked = (stand_ins.visitor(name).imagine("a quiet lake") for name in ("Ada", "Bob", "Cem"))
    replies = await asyncio.gather(*asked)
    bot.stop.set()
    await asyncio.wait({bot.task}, timeout=0.5)
    at_the_end: list[int] = []
    bot.task.add_done_callback(lambda _: at_the_end.append(len(taken)))
    await asyncio.sleep(0)
    writer.execute("ROLLBACK")
    if left := left_running():
        await asyncio.wait(left)
    await bot.end()
    assert at_the_end == [len(taken)]
    assert [row.state for row in await ledger(stand_ins, tmp_path)] == ["queued"] * 3
    for reply in replies:
        assert reply.message is not None
        assert "Queued" in reply.message.text


async def test_whoever_asks_about_faults_has_ended_when_the_storage_closes(
    start: Start, stand_ins: StandIns, clock: Clock, writer: sqlite3.Connection
) -> None:
    bot = await start(with_worker=False)
    for engine, action in (("anime", "ImageToImage"), ("refine", "RefineImage")):
        stand_ins.tencent.gone(action)
        fault = Fault((engine,), Kind.GONE, "ActionOffline", f"request of {engine}")
        await bot.app.storage.engine_states.suspend(fault, clock())
    await bot.app.engines.look()
    clock.skipped += GONE_S
    writer.execute("BEGIN IMMEDIATE")
    others = asyncio.all_tasks()
    asking = asyncio.create_task(bot.app.engines.run())
    await until(lambda: len(stand_ins.tencent.calls) == 2)
    await asyncio.sleep(0.1)
    asking.cancel()
    await asyncio.sleep(0.1)
    assert not asking.done()
    writer.execute("ROLLBACK")
    await asyncio.wait({asking})
    left = asyncio.all_tasks() - others
    assert [task for task in left if "RequestHandler" not in repr(task)] == []  # the stand-in's
    stand_ins.tencent.faults.clear()  # the calls were wrong on purpose


async def test_even_a_stop_that_is_broken_off_lets_a_transaction_end(
    start: Start, stand_ins: StandIns, tmp_path: Path, writer: sqlite3.Connection
) -> None:
    bot = await start(with_worker=False)
    writer.execute("BEGIN IMMEDIATE")
    await stand_ins.visitor("Ada").restyle(photo())
    await until(lambda: len(kept_pictures(tmp_path)) == 1)
    bot.stop.set()
    await asyncio.sleep(0.1)
    bot.task.cancel()
    await asyncio.wait({bot.task}, timeout=0.5)
    assert not bot.task.done()
    writer.execute("ROLLBACK")
    with pytest.raises(asyncio.CancelledError):
        await bot.end()
    assert left_running() == set()
    start.bots.clear()


async def test_a_discord_that_falls_silent_does_not_hold_the_stop(
    start: Start, stand_ins: StandIns, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.interactions._GRACE_S", 0.3)
    monkeypatch.setattr("bot.chat.interactions._TELL_S", 0.3)
    async with relayed(stand_ins) as (relay, api):
        bot = await start(EASEL_DISCORD_API=api)
        await at_work(stand_ins, door)
        relay.is_silent = True
        bot.stop.set()
        refused = asyncio.create_task(stand_ins.visitor("Bob").imagine("a quiet lake"))
        await until(lambda: len(left_running()) == 2)
        await bot.end(within_s=2)
        assert left_running() == set()
        with pytest.raises(NotAcknowledged):
            await refused
