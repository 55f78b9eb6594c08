"""A stop: what is at work ends well, what comes later is refused, and nothing is left running."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.cli.local_stack import StandIns
from bot.domain.engines.states import GONE_S, Fault, Kind
from tests.whole.conftest import Clock, Run, has_pictures, photo, until, until_settled
from tests.whole.failing.panel import panel
from tests.whole.operating.stopping.conftest import (
    REFUSED,
    Door,
    Start,
    at_work,
    count_connections,
    kept_pictures,
    ledger,
    left_running,
)


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

    def left() -> list[asyncio.Task[object]]:
        tasks = asyncio.all_tasks() - others
        return [task for task in tasks if "RequestHandler" not in repr(task)]  # the stand-in's

    # What looks after other things meanwhile ends by itself, now that nobody holds the lock.
    await until(lambda: not left())
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
