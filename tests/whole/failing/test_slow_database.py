"""A database that keeps everybody waiting: whoever asks is answered or deferred in time."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import NotAcknowledged, Reply, Visitor
from bot.sandbox.discord.world.world import Message
from bot.worker.pruner import Keep, Pruner
from storage import migrate_storage
from tests.contract.postgres import NONE_FOUND, create_database, drop_database, running_cluster
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    is_waiting,
    ledger,
    photo,
    says,
    until,
    until_settled,
)
from tests.whole.failing.locks import held, writing

Lock = Callable[[], AbstractAsyncContextManager[None]]


DEFERRED, DEFERRED_UPDATE, SUGGESTED = 5, 6, 8  # callbacks (Discord docs, 2026-08)


MONTH_S = 31 * 86400.0


@pytest.fixture(scope="module")
def server() -> Iterator[str | None]:
    with running_cluster() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(
    request: pytest.FixtureRequest, server: str | None, migrated: Path
) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{migrated}"
        return
    if server is None:
        pytest.skip(NONE_FOUND)
    url = await create_database(server, "easel_slow")
    await migrate_storage(url)
    yield url
    await drop_database(server, "easel_slow")


@pytest.fixture
async def app(run: Run, database: str) -> AsyncIterator[App]:
    async with run(DATABASE_URL=database) as opened:
        yield opened


@pytest.fixture
def lock(app: App, database: str) -> Lock:
    """Somebody else holds the whole database for the length of a block, and the bot waits.

    It defers at once instead of after a second, which nobody sits out here.
    """

    @asynccontextmanager
    async def locked() -> AsyncIterator[None]:
        with pytest.MonkeyPatch.context() as patch, writing(app.storage.engine) as asked:
            async with held(database):
                patch.setattr("bot.chat.interactions._ACKNOWLEDGE_AFTER_S", 0.05)
                # On SQLite whoever reads waits only behind one who has the connection to write.
                waiting = asyncio.create_task(app.storage.settings.keep("in the way", "of all"))
                await until(lambda: bool(asked))
                yield
        await waiting

    return locked


@pytest.fixture
def mo(stand_ins: StandIns) -> Visitor:
    stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    return stand_ins.visitor("Mo")


@pytest.fixture
def ada(stand_ins: StandIns) -> Visitor:
    return stand_ins.visitor("Ada")


async def waiting_job(app: App, ada: Visitor, clock: Clock) -> tuple[Message, str]:
    await app.storage.operations.pause("", clock())
    message = await (await ada.imagine("a lighthouse")).until(is_waiting)
    [row] = await ledger(app)
    return message, row.job_id


async def states(app: App) -> list[str]:
    return [row.state for row in await ledger(app)]


async def told(reply: Reply, words: str) -> Message:
    """What a button's presser reads beside the message that has the button."""
    await until(lambda: any(words in message.text for message in standing(reply)))
    [message] = standing(reply)
    assert message.ephemeral
    return message


def text_of(reply: Reply) -> str:
    """All that was said, wherever it stands."""
    return "\n".join(shown.text for shown in (reply.message, *reply.followups) if shown)


def standing(reply: Reply) -> list[Message]:
    """The further messages that were not taken back."""
    return [message for message in reply.followups if not message.deleted]


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        ("jobs", {}, "nothing yet"),
        ("quota show", {}, "Quotas of"),
        ("quota list", {}, "No quotas"),
        ("quota set", {"images": 5, "period": "day"}, "5 pictures per day"),
        ("quota clear", {}, "No such quota"),
        ("quota grant", {"images": 3, "reason": "thanks"}, "3 pictures"),
        ("settings show", {}, "Time zone"),
        ("settings timezone", {"timezone": "Asia/Tokyo"}, "Asia/Tokyo"),
        ("settings budget", {"images": 9}, "9 pictures"),
        ("settings log", {"off": True}, "no log channel"),
        ("queue show", {}, "Waiting"),
        ("queue first", {"job": "nonsense"}, "no job"),
        ("cancel", {"job": "nonsense"}, "Only the person"),
        ("result", {"job": "nonsense"}, "no job"),
    ],
)
async def test_a_command_is_deferred_in_time_and_answered_for_its_asker_alone(
    lock: Lock, mo: Visitor, command: str, options: dict[str, Any], words: str
) -> None:
    if command == "quota grant":
        options = options | {"user": mo.member}
    async with lock():
        reply = await mo.use(command, **options)
        assert reply.interaction.callback_type == DEFERRED
        assert not (reply.message and reply.message.text)
    message = await reply.until(lambda shown: bool(shown.text) and words in shown.text)
    assert message is reply.interaction.original
    assert message.ephemeral
    assert reply.followups == []


async def test_a_waiting_job_is_cancelled_once_its_member_was_answered(
    app: App, lock: Lock, ada: Visitor, clock: Clock
) -> None:
    message, _ = await waiting_job(app, ada, clock)
    async with lock():
        pressed = await ada.press(message, "Cancel")
        assert pressed.interaction.callback_type == DEFERRED_UPDATE
    await told(pressed, "Nothing was used")
    assert await states(app) == ["cancelled"]


async def test_a_confirmed_cancel_is_answered_in_the_question(
    app: App, stand_ins: StandIns, lock: Lock, ada: Visitor
) -> None:
    stand_ins.tencent.hold()
    reply = await ada.restyle(photo())
    await until(lambda: stand_ins.tencent.running["aiart"] == 1)
    asked = await ada.press(await reply.until(is_waiting), "Cancel")
    question = await asked.until(lambda shown: bool(shown.buttons))
    async with lock():
        confirmed = await ada.press(question, "Cancel anyway")
        assert confirmed.interaction.callback_type == DEFERRED_UPDATE
    await confirmed.until(says("its result is not shown"))
    assert confirmed.message is question
    stand_ins.tencent.release()
    assert [row.state for row in await until_settled(app)] == ["cancelled"]


@pytest.mark.parametrize("by", ["button", "command"])
async def test_nothing_is_cancelled_for_a_member_who_reads_that_it_failed(
    app: App,
    stand_ins: StandIns,
    lock: Lock,
    ada: Visitor,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    by: str,
) -> None:
    message, job_id = await waiting_job(app, ada, clock)
    late = {"code": 10062, "message": "Unknown interaction"}
    stand_ins.discord.script("POST", "/callback$", status=404, body=late, times=2)
    act = ada.press(message, "Cancel") if by == "button" else ada.use("cancel", job=job_id)
    monkeypatch.setattr("bot.sandbox.discord.visitor.ACK_WITHIN_S", 0.3)
    with capture_logs() as logs:
        async with lock():
            with pytest.raises(NotAcknowledged):
                await act
        await until(lambda: "not_acknowledged" in [log["event"] for log in logs])
    assert await states(app) == ["queued"]


async def test_again_is_shown_to_all_beside_the_old_result(
    app: App, stand_ins: StandIns, lock: Lock, ada: Visitor
) -> None:
    first = await (await ada.imagine("a lighthouse")).until(has_pictures)
    text = first.text
    async with lock():
        pressed = await ada.press(first, "Again")
        assert pressed.interaction.callback_type == DEFERRED_UPDATE
    await until(lambda: any(has_pictures(message) for message in pressed.followups))
    [again] = pressed.followups
    assert not again.ephemeral
    assert first.text == text
    assert stand_ins.discord.world.messages(stand_ins.channel) == [first, again]
    await until_settled(app, count=2)


async def test_a_refused_again_is_read_by_who_pressed_alone(
    app: App, stand_ins: StandIns, lock: Lock, ada: Visitor
) -> None:
    first = await (await ada.imagine("a lighthouse")).until(has_pictures)
    await until_settled(app)
    async with lock():
        pressed = await stand_ins.visitor("Bob").press(first, "Again")
    await told(pressed, "You cannot use this result")
    assert stand_ins.discord.world.messages(stand_ins.channel) == [first, *standing(pressed)]


async def test_a_form_that_may_no_longer_open_opens_by_a_button(
    app: App, lock: Lock, ada: Visitor, clock: Clock
) -> None:
    first = await (await ada.restyle(photo(), prompt="as a mosaic")).until(has_pictures)
    await until_settled(app)
    clock.skipped += MONTH_S
    store, blobs = app.storage.retention, app.storage.blobs
    keep = Keep(pictures_s=MONTH_S / 2, words_s=MONTH_S * 2)
    await Pruner(store=store, blobs=blobs, keep=keep, now=clock).prune()
    async with lock():
        pressed = await ada.press(first, "Again")
    opener = await told(pressed, "The form opens")
    opened = await ada.press(opener, "Open the form")
    again = await ada.submit_modal(opened, {"pictures": [photo()]})
    await again.until(has_pictures)
    assert [row.state for row in await until_settled(app, count=2)] == ["done", "done"]
    assert standing(pressed) == [opener]


@pytest.mark.parametrize("private", [False, True])
async def test_a_result_is_as_private_as_it_was(
    app: App, lock: Lock, ada: Visitor, *, private: bool
) -> None:
    await (await ada.imagine("a lighthouse", private=private)).until(has_pictures)
    [row] = await until_settled(app)
    async with lock():
        reply = await ada.use("result", job=row.job_id)
        assert reply.interaction.callback_type == DEFERRED
        assert reply.ephemeral
    message = await reply.until(has_pictures)
    assert message.ephemeral is private
    assert len(reply.followups) == (0 if private else 1)


async def test_suggestions_are_none_in_time(
    app: App, lock: Lock, ada: Visitor, clock: Clock
) -> None:
    _, job_id = await waiting_job(app, ada, clock)
    async with lock():
        assert await ada.type("cancel", "job", "") == []
    [choice] = await ada.type("cancel", "job", "")
    assert choice["value"] == job_id


async def test_suggestions_that_break_are_none(run: Run, migrated: Path, ada: Visitor) -> None:
    async with run():
        with closing(sqlite3.connect(migrated)) as connection, connection:
            connection.execute("ALTER TABLE jobs RENAME TO elsewhere")
        try:
            assert await ada.type("cancel", "job", "") == []
        finally:
            with closing(sqlite3.connect(migrated)) as connection, connection:
                connection.execute("ALTER TABLE elsewhere RENAME TO jobs")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that does not wait for its database for long; ask for it before `app`."""
    monkeypatch.setattr("storage.database.engine.BUSY_TIMEOUT_MS", 300)
    monkeypatch.setattr("storage.database.engine.ANSWERED_WITHIN_S", 0.3)
    monkeypatch.setattr("bot.chat.interactions._ACKNOWLEDGE_AFTER_S", 0.05)


@pytest.mark.usefixtures("impatient", "quick_beats")
async def test_who_asks_a_database_that_never_answers_reads_so_and_nothing_is_done_later(
    app: App, database: str, mo: Visitor, ada: Visitor, clock: Clock
) -> None:
    message, job_id = await waiting_job(app, ada, clock)
    async with held(database):
        for reply in (
            await mo.use("quota set", images=5, period="day"),
            await ada.use("cancel", job=job_id),
            await ada.imagine("another one"),
            await ada.press(message, "Cancel"),
        ):
            await until(lambda reply=reply: "cannot be used right now" in text_of(reply))  # type: ignore[misc] # of this round
    await (await mo.use("quota list")).until(says("No quotas"))
    await app.storage.operations.resume()
    app.worker.ring()
    [row] = await until_settled(app)
    assert (row.job_id, row.state) == (job_id, "done")
