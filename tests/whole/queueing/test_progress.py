"""The bar of a job at work: estimated from the engine's own times, and never at others' cost."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.scheduling import EditBudget
from bot.sandbox.discord.visitor import Reply
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    photo,
    says,
    until,
    until_settled,
)

USUAL_S = 100.0


@pytest.fixture
async def slow_engine(run: Run, stand_ins: StandIns, tmp_path: Path) -> AsyncIterator[App]:
    """A bot whose engine has taken so many seconds for each of its latest pictures."""
    (tmp_path / "easel.toml").write_text("[pools.aiart]\nconcurrency = 1\n")
    async with run() as app:
        for _ in range(4):
            await (await stand_ins.visitor("Ada").restyle(photo())).until(has_pictures)
        await until_settled(app, count=4)
        with closing(sqlite3.connect(tmp_path / "easel.db")) as connection, connection:
            connection.execute(f"UPDATE jobs SET started_at = drawn_at - {USUAL_S}")  # noqa: S608 - ours
        stand_ins.tencent.hold()
        yield app


async def at_work(stand_ins: StandIns) -> Reply:
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await until(lambda: stand_ins.tencent.running["aiart"] == 1)
    return reply


async def test_a_slow_job_says_how_far_it_is_and_that_this_is_an_estimate(
    slow_engine: App, stand_ins: StandIns, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.waiting._TICK_S", 0.1)
    reply = await at_work(stand_ins)
    clock.skipped += 0.3 * USUAL_S
    message = await reply.until(says("About 30 % done, estimated"))
    assert "`███░░░░░░░`" in message.text
    assert "Being made" in message.text
    clock.skipped += 0.5 * USUAL_S
    await reply.until(says("About 80 % done, estimated"))
    clock.skipped += 0.5 * USUAL_S
    await reply.until(says("About 90 % done, estimated"))
    stand_ins.tencent.release()
    message = await reply.until(has_pictures)
    assert "estimated" not in message.text
    await until_settled(slow_engine, count=5)


async def test_no_bar_takes_an_edit_that_a_place_may_need(
    slow_engine: App, stand_ins: StandIns, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.waiting._TICK_S", 0.1)
    monkeypatch.setattr(EditBudget, "take", _take_of_two)
    reply = await at_work(stand_ins)
    clock.skipped += 3
    shown = (await reply.until(says("Being made"))).text
    waiting = await stand_ins.visitor("Ben").restyle(photo())
    ahead = await waiting.until(says("position 1"))
    later = await stand_ins.visitor("Cem").restyle(photo())
    await later.until(says("position 2"))
    clock.skipped += 0.5 * USUAL_S
    await stand_ins.visitor("Ben").press(ahead, "Cancel")
    await later.until(says("position 1"))
    await asyncio.sleep(1.5)  # two looks at least
    assert reply.message is not None
    assert reply.message.text == shown
    stand_ins.tencent.release()
    for each in (reply, later):
        await each.until(has_pictures)
    await until_settled(slow_engine, count=7)


def _take_of_two(_: EditBudget, __: float, *, leaving: float = 0.0) -> bool:
    """A budget that has never more than two edits left, as in a busy hour."""
    return leaving < 1
