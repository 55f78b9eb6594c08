"""What is still at work when the grace of a stop ends: given up, told so, and never half done."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import NotAcknowledged
from tests.whole.conftest import Run, has_pictures, photo, until, until_settled
from tests.whole.operating.stopping.conftest import (
    CUT_SHORT,
    CUT_SHORT_ELSE,
    Door,
    Start,
    at_work,
    kept_pictures,
    ledger,
    left_running,
    relayed,
    set_budget,
    warned_of,
)


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
