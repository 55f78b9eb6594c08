"""Waiting messages: a place, a range, kept true within a budget, never over a result."""

import asyncio
import re
import time
from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import Job
from bot.domain.jobs.line import Standing
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.news import Change
from bot.services.standings import LineStandings
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    is_waiting,
    photo,
    says,
    until,
    until_settled,
)


def edits_of(stand_ins: StandIns) -> list[str]:
    """The paths of all edits by interaction token, in order."""
    return [
        exchange.call.path
        for exchange in stand_ins.discord.exchanges
        if exchange.call.method == "PATCH" and exchange.call.path.startswith("/webhooks/")
    ]


async def test_the_place_moves_up_as_others_end(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[pools.aiart]\nconcurrency = 1\n")
    stand_ins.tencent.hold()
    async with run() as app:
        first = await stand_ins.visitor("Ada").restyle(photo())
        await until(lambda: stand_ins.tencent.running["aiart"] == 1)
        second = await stand_ins.visitor("Bob").restyle(photo())
        await second.until(says("position 1"))
        third = await stand_ins.visitor("Cem").restyle(photo())
        message = await third.until(says("position 2"))
        assert re.search(r"about \d+–\d+ s", message.text)
        stand_ins.tencent.release()  # what is at work now
        stand_ins.tencent.hold()
        await third.until(says("position 1"))
        stand_ins.tencent.release()
        for reply in (first, second, third):
            await reply.until(has_pictures)
        await until_settled(app, count=3)


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ("", "Uses 1 of your 20 pictures today; 19 are left."),
        ("[quotas]\nuser_per_day = -1\nguild_per_day = -1\n", ""),
    ],
)
async def test_what_a_job_uses_is_told_where_a_limit_holds_and_stays_told(
    run: Run, stand_ins: StandIns, tmp_path: Path, limits: str, told: str
) -> None:
    (tmp_path / "easel.toml").write_text(f"[pools.aiart]\nconcurrency = 1\n{limits}")
    stand_ins.tencent.hold()
    async with run() as app:
        first = await stand_ins.visitor("Ada").restyle(photo())
        await until(lambda: stand_ins.tencent.running["aiart"] == 1)
        ben = stand_ins.visitor("Ben")
        second = await ben.restyle(photo())
        ahead = await second.until(says("position 1"))
        third = await stand_ins.visitor("Bob").restyle(photo())
        before = (await third.until(says("position 2"))).text
        await ben.press(ahead, "Cancel")
        after = (await third.until(says("position 1"))).text
        assert [told in text for text in (before, after)] == [True, True]
        assert ("Uses" in after) is bool(told)
        stand_ins.tencent.release()
        for reply in (first, third):
            await reply.until(has_pictures)
        await until_settled(app, count=3)


async def test_the_first_message_knows_that_the_job_is_at_work_already(
    app: App, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = LineStandings.of

    async def slowly(standings: LineStandings, job: Job, ahead: int | None = None) -> Standing:
        found = await look(standings, job, ahead)
        await until(lambda: stand_ins.tencent.running["aiart"] == 1)
        return found

    monkeypatch.setattr(LineStandings, "of", slowly)
    stand_ins.tencent.hold()
    reply = await stand_ins.visitor("Ada").restyle(photo())
    message = await reply.until(lambda message: not message.loading)
    assert says("Being made")(message)
    stand_ins.tencent.release()
    await reply.until(has_pictures)
    await until_settled(app)


async def queued_and_then_at_work(app: App, stand_ins: StandIns, clock: Clock) -> Reply:
    """A reply that says that its job waits, and is held at work at the API."""
    stand_ins.tencent.hold()
    await app.storage.operations.pause("", clock())
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await reply.until(says("Queued"))
    await app.storage.operations.resume()
    app.worker.ring()
    await until(lambda: stand_ins.tencent.running["aiart"] == 1)
    return reply


async def test_being_made_is_said_as_soon_as_a_job_is_no_quick_one(
    app: App, stand_ins: StandIns, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.waiting._SHORT_S", 1.2)
    monkeypatch.setattr("bot.worker.waiting._TICK_S", 1000.0)  # no look comes by itself
    reply = await queued_and_then_at_work(app, stand_ins, clock)
    await reply.until(says("Being made"))
    stand_ins.tencent.release()
    await reply.until(has_pictures)
    await until_settled(app)


async def test_a_job_at_work_for_a_while_says_so_and_a_quick_one_is_left_alone(
    app: App, stand_ins: StandIns, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await reply.until(has_pictures)
    assert len(edits_of(stand_ins)) == 2  # its place or that it is being made, result
    monkeypatch.setattr("bot.worker.waiting._TICK_S", 0.1)
    slow = await queued_and_then_at_work(app, stand_ins, clock)
    await asyncio.sleep(1.5)
    assert slow.message is not None
    assert says("Queued")(slow.message)  # two looks at least have let it alone
    clock.skipped += 3
    await slow.until(says("Being made"))
    stand_ins.tencent.release()
    await slow.until(has_pictures)
    await until_settled(app, count=2)


async def test_the_budget_of_edits_is_kept_and_the_nearest_come_first(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[pools.aiart]\nconcurrency = 1\n")
    stand_ins.tencent.seconds_per_picture = 1.0
    async with run() as app:
        replies = [await stand_ins.visitor(f"Member{n}").restyle(photo()) for n in range(12)]
        for reply in replies:
            await reply.until(lambda message: not message.loading)
        began, edited = time.monotonic(), []
        stand_ins.discord.world.on_change(
            lambda change: (
                edited.append(change.subject) if change.kind == "message edited" else None
            )
        )
        await replies[2].until(has_pictures, timeout=20)
        moved = [message for message in edited if not message.attachments]
        assert 1 <= len(moved) <= 4 + 2 * (time.monotonic() - began)
        assert moved[0] in [reply.message for reply in replies[:7]]  # a slow first one, too
        for reply in replies:
            assert reply.message is not None
            if says("Queued")(reply.message):
                await stand_ins.visitor(f"Member{replies.index(reply)}").press(
                    reply.message, "Cancel"
                )
        await until_settled(app, count=12)


async def test_nothing_is_edited_with_an_expired_token(
    run: Run, stand_ins: StandIns, tmp_path: Path, clock: Clock
) -> None:
    (tmp_path / "easel.toml").write_text("[pools.aiart]\nconcurrency = 1\n")
    stand_ins.tencent.seconds_per_picture = 1.0
    async with run() as app:
        replies = [await stand_ins.visitor(name).restyle(photo()) for name in ("A", "B", "C")]
        for reply in replies:
            await reply.until(is_waiting)
        edits = len(edits_of(stand_ins))
        clock.skipped += 880
        for reply in replies:
            await reply.until(has_pictures, timeout=20)
        await until_settled(app, count=3)
        assert len(edits_of(stand_ins)) == edits
        assert 401 not in [exchange.status for exchange in stand_ins.discord.exchanges]


async def test_no_result_is_overwritten_by_a_late_place(app: App, stand_ins: StandIns) -> None:
    stand_ins.tencent.seconds_per_picture = 0.05
    shown: set[str] = set()
    lost: list[str] = []

    def watch(news: Change) -> None:
        if news.kind == "message edited" and has_pictures(news.subject):
            shown.add(news.subject.id)
        elif news.kind == "message edited" and news.subject.id in shown:
            lost.append(news.subject.text)

    stand_ins.discord.world.on_change(watch)
    replies = [await stand_ins.visitor(f"Member{n % 6}").restyle(photo()) for n in range(24)]
    for reply in replies:
        await reply.until(has_pictures, timeout=30)
    await until_settled(app, count=24)
    await asyncio.sleep(1.0)  # the board looks once more
    assert all(r.message is not None and has_pictures(r.message) for r in replies)
    assert (len(shown), lost) == (24, [])
    messages = stand_ins.discord.world.messages(stand_ins.channel)
    assert sum(not each.ephemeral for each in messages) == 24  # each is told of uploads once


async def test_discords_faults_at_a_waiting_message_disturb_nothing(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.seconds_per_picture = 0.3
    stand_ins.discord.script("PATCH", r"/webhooks/.*", status=404, times=1)
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await reply.until(has_pictures)
    assert [row.state for row in await until_settled(app)] == ["done"]
