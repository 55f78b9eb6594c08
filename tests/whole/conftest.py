"""The whole bot between its stand-ins; whatever it does wrong there fails the test.

The scenes, each file with what it is about:

making/                   what members ask for, and how it is taken
  test_pictures.py        a picture goes in, a labelled picture comes back
  test_tools.py           /tool, tool by tool
  test_processing.py      /tool upscale, repair and cutout: templates, crashes, transparency
  test_blend.py           /blend, by the command's options or by its form
  test_prompts.py         the Full prompt button, for whom and how long
  test_permutations.py    a prompt with choices: asked about first, then all of it or none
  test_first_upload.py    the first upload of a member: told once, where it goes
  test_choosing.py        which engine a member gets who names none
  test_defaults.py        /defaults: what is taken of options left out
  test_styles.py          /styles lists what an engine's style takes
  test_suggestions.py     what is suggested while somebody types, and sent back as it reads
  test_vod_models.py      VOD's models: new ones without code, odd ones, a busy one
  test_altered_forms.py   forms and selects that come back with other than what they asked for
  test_as_sent.py         roles, channels and files as the interaction itself has them
  follow_ups/pressing.py      who presses what stands under a result
  follow_ups/test_again.py    the Again button, also after a restart and after retention
  follow_ups/test_delete.py   a deleted result: nothing shown, kept or brought back
  follow_ups/test_edit.py     the Edit form, engine by engine
  follow_ups/test_strangers.py    others, and ids that somebody made up: one sentence
  follow_ups/test_working.py  upscaled, varied, extended, squared, cut out: from the raw picture
  test_restyle_menu.py    Restyle image: a picture in a message, whose it is
  asking.py               every way in which a picture can be asked for
  test_provenance.py      /provenance and Check provenance: what a picture says, and who may know
  test_gate.py            the gate stands before each of them
  test_wishes.py          rewording, transparent backgrounds, pictures that show a style
  test_stated_sizes.py    files that are larger or smaller than Discord states
  test_labels.py          what a result says of itself, alike everywhere, and in whose words
  test_words.py           members' words in all that the bot writes: as typed, doing nothing
  test_refusals.py        what cannot be: one sentence, no cost, nothing lost
queueing/                 from "queued" to the first request
  busy.py                 a member with a job at work and one that waits
  test_waiting.py         waiting messages: place, range of time, budget of edits
  test_progress.py        the bar of a job at work, an estimate that is called one
  test_floods.py          a flood delays nobody else
  test_pools.py           limits over several pools, none starves
  test_queue_first.py     /queue first
  test_queue_buttons.py   what stands under /queue show: Cancel, Hold, Release, First, pages
  test_queue_pause.py     /queue pause, drain and resume, of one server
  test_queue_hold.py      /queue hold, release and cancel: single jobs, and what members see
  test_own_jobs.py        /jobs and /result of one's own
  test_cancel.py          cancels by button and command, of members and moderators
delivering/               from the raw picture to the post
  late.py                 a job whose delivery comes late, and how often it was tried
  test_delivery.py        the delivery ladder, route by route
  test_late_posts.py      after long outages, with pictures gone, beside posts like ours
  test_results.py         whatever an API may send as its result
  test_result_hosts.py    results that lie on a domain of the account's own
  test_signatures.py      with a certificate every result is signed, and none waits for it
  test_watermarks.py      a mark that is set is in every result
  test_result.py          /result in another place than the picture was asked for in
moderating/               what a server's moderators set
  moderator.py            a moderator, and what only they read
  log_channel.py          what stands in a log channel, and which warnings are noted
  test_quotas.py          quotas, ceilings and budgets as members meet them
  test_quota_texts.py     the exact words of /quota
  test_grants.py          extra pictures: given, used, listed, taken back
  test_settings.py        /settings: all in one message, its subcommands and forms
  test_rules.py           what moderators set holds in every way of asking
  test_settings_log.py    /settings log: which channel, and what is told there
  test_asking.py          Ask a moderator, on a refusal by review
  test_reporting.py       Report picture, on any result of the bot
  test_audit.py           /audit: who did what, page by page, for that server's moderators
  test_approval.py        newcomers' requests: asked about, approved or denied, once
  test_moderator_role.py  /settings moderator: who moderates, at the moment of the act
  test_presets.py         /settings preset: a server's own styles, for its members alone
  test_departures.py      a server that removes the bot: what waits ends, settings go in time
  test_usage.py           /usage: one's own, and a server's for its moderators
  test_block.py           /block: who may block whom, what the blocked read, when it ends
  test_log_lines.py       a line in the log channel for each result, act and refused word
  test_word_list.py       /settings words: who changes the list, and who reads which word it was
  test_notices.py         notices of budgets across stops and faults
personal/                 what members ask of their own data
  test_privacy.py         /privacy export and erase: all of it, nobody else's, and limits stay
operating/                what the operator does, as a process where that matters
  arrears.py              the fault of the account that suspends engines
  test_program.py         the command line: exit codes, signals, kills
  test_check.py           easel check: a file's labels, with or without a database
  test_wrong_inputs.py    wrong arguments, settings and surroundings
  test_disks.py           full disks, folders that cannot be written to
  test_operations.py      pause, backup, retention, restarts, seen by members
  test_operator.py        faults that only the operator can mend
  test_asking_ahead.py    a pause that ends is asked about before a job finds out
  test_certificates.py    certificates made, checked, wrong, or without the extra
  test_packages.py        the end of a package is told in time, once
  test_styles_make.py     an engine's styles drawn for /styles: once, paid once
  test_reconcile.py       the ledger beside what the cloud counted
  page/conftest.py        the demo's page as a browser uses it, over HTTP
  page/test_acts.py       what a visitor does reaches the bot as a member's client sends it
  page/test_behind.py     what is shown behind the channel: true, counted, without a secret
  page/test_child.py      the demo as a process, with the bot as its child
  page/test_files.py      the page's files, and who leaves in the middle
  page/test_knobs.py      each knob breaks what it says, and nothing is lost
  page/test_parts.py      acts carry every kind of select and every part of a form
  doctor/conftest.py      the doctor's looks at the cloud, without a process
  doctor/test_post_test.py  what Discord keeps of the labels of what `doctor --post-test` posts
  doctor/test_report.py   `easel doctor` as an operator reads it
  doctor/test_start.py    whatever stops `easel run` is found before
  doctor/test_engines.py  what the cloud's answers prove, set and lift
  doctor/test_paid_test.py    one real picture, after a yes
  stopping/conftest.py    a bot that is stopped, and what may keep it from ending
  stopping/test_at_work.py    what is at work ends well, what comes later is refused
  stopping/test_cut_short.py  what is still at work when the grace ends
failing/                  bad days: of the APIs, Discord, the database, the disk
  panel.py                buttons and a form that break where a test says
  broken_storage.py       a database and a disk that fail for a while, or in a commit
  locks.py                locks of a whole database
  test_faults.py          the API and Discord fail: one visible end, paid once
  test_remedies.py        what an end offers does help, and no "thinking…" stays
  test_codes.py           every documented error code, end to end
  test_way_out.py         the way to the cloud is shut for a while
  test_out_of_sight.py    tasks at work that nobody can see for a while
  test_outages.py         the database and the disk away or full
  test_slow_database.py   a database that keeps everybody waiting
  test_lost_commits.py    a commit whose answer is lost
  test_worker_loop.py     the loop waits, says what broke, lets go of what it lost
  test_delivery_faults.py     between a made picture and its end
  test_answers.py         what whoever presses, chooses or submits reads of a fault
  test_acknowledged.py    answers to Discord that get lost
  test_outdated.py        commands, buttons and forms that this bot no longer knows
  test_odd_events.py      events and frames that the library cannot read
  gateway/conftest.py     gateways that end, without pauses
  gateway/test_closes.py  a gateway that ends: reconnected, or the bot drains and ends
  gateway/test_log_ins.py     log-ins that are refused, kept waiting or one too many

test_other_servers.py     all that is registered, walked with another server's ids

process.py                the program as a process, which no scene leaves behind
"""

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
from bot.imaging.uploads.fence import Fence
from bot.ports.accounts import UsageRow
from bot.providers.aiart.jobs import end_of
from bot.providers.vod.polling import Polling
from bot.sandbox.discord.world.forms import Upload
from bot.sandbox.discord.world.world import Message
from bot.services.moderation.log_lines import LogLines
from bot.settings.config import Settings, read_settings
from bot.worker.loop import Worker
from tests.artist import QuickArtist
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
    async with open_stand_ins(now=clock, artist=QuickArtist()) as opened:
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


@pytest.fixture(autouse=True)
def _quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in's pictures are made at once, and asked for as soon: Tencent's take seconds."""
    _set_default(monkeypatch, Polling.__init__, "known_s", (0.1,))
    _set_default(monkeypatch, end_of, "shortest_s", 0.05)


@pytest.fixture(autouse=True)
def _no_warm_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most scenes send no picture: they are spared the start of the process that reads them."""
    _set_default(monkeypatch, Fence.__init__, "warm", 0)


@pytest.fixture
def quick_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers look again so often that no test has to sit out a beat; ask for it before `app`."""
    _set_default(monkeypatch, Worker.__init__, "beat_s", 0.05)


@pytest.fixture
def no_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """No lines come in log channels: the test counts what else is posted there."""
    _set_default(monkeypatch, LogLines.__init__, "look_s", 3600.0)


@pytest.fixture
def quick_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of log channels come at once; ask for it before `app`."""
    _set_default(monkeypatch, LogLines.__init__, "look_s", 0.05)


def _set_default(
    monkeypatch: pytest.MonkeyPatch, function: Callable[..., object], name: str, value: object
) -> None:
    defaults = function.__kwdefaults__
    assert name in defaults
    monkeypatch.setitem(defaults, name, value)


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


async def at_work(app: App) -> None:
    async with asyncio.timeout(10):
        while [row.state for row in await ledger(app)] != ["running"]:
            await asyncio.sleep(0.01)
