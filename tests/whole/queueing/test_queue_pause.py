"""/queue pause, drain and resume: one server stands still, others do not, and members read why."""

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Visitor
from bot.services import queue
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    ledger,
    photo,
    says,
    until,
    until_settled,
)
from tests.whole.moderating.moderator import moderator, text_of


def outsider(stand_ins: StandIns) -> Visitor:
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    elsewhere.add_channel("talk")
    return stand_ins.discord.visitor("Ola", elsewhere, permissions=["MANAGE_GUILD"])


@pytest.mark.usefixtures("app")
async def test_a_paused_server_waits_and_reads_why_while_others_go_on(stand_ins: StandIns) -> None:
    mo, ola = moderator(stand_ins), outsider(stand_ins)
    said = await text_of(await mo.use("queue pause", reason="Movie night."))
    assert said.endswith("Members who wait read it: Movie night.")
    asked = await stand_ins.visitor("Ada").imagine("a red boat", engine="gg-3.0")
    text = (await asked.until(says("Queued"))).text
    assert "Paused by the moderators of this server: no picture of it starts now." in text
    assert "Movie night." in text
    assert "position 1" in text
    await (await ola.imagine("a blue boat", engine="gg-3.0")).until(has_pictures)
    shown = await text_of(await mo.use("queue show"))
    assert "**This server’s queue was paused**" in shown
    assert "paused" not in await text_of(await ola.use("queue show"))
    assert not has_pictures(asked.message)  # type: ignore[arg-type] # there is one
    await mo.use("queue resume")
    await asked.until(has_pictures)
    assert await text_of(await mo.use("queue resume")) == (
        "The queue of this server is neither paused nor drained."
    )


async def test_a_drain_ends_what_runs_refuses_what_is_new_and_tells_who_waits(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.hold()
    ada, bob = stand_ins.visitor("Ada"), stand_ins.visitor("Bob")
    running = await ada.imagine("a red boat", engine="gg-3.0")
    await until(lambda: stand_ins.tencent.running["vod"] == 1)
    waiting = await bob.imagine("a blue boat", engine="gg-3.0")
    await waiting.until(says("Queued"))
    clock.skipped += 16 * 60  # what waits is told by the bot's own token now
    mo = moderator(stand_ins)
    await mo.use("queue drain", reason="We move.")
    told = (await waiting.until(says("let its queue run empty"))).text
    assert "this one starts once they resume it. We move." in told
    shown = await text_of(await mo.use("queue show"))
    assert "still being made: 1. We move." in shown
    refused = "nothing new is taken here until they resume it. They say: We move."
    assert refused in await text_of(await bob.imagine("another", engine="gg-3.0"))
    assert refused in await text_of(await bob.restyle(photo()))
    assert refused in await text_of(await bob.imagine("{a,b} boat", engine="gg-3.0"))
    assert stand_ins.tencent.running["vod"] == 1
    stand_ins.tencent.release()
    await running.until(has_pictures)
    await until_settled(app)
    assert "**This server’s queue was drained**" in await text_of(await mo.use("queue show"))
    assert [row.state for row in await ledger(app)] == ["done", "queued"]
    await mo.use("queue resume")
    assert [row.state for row in await until_settled(app, count=2)] == ["done", "done"]


async def test_a_drain_tells_all_who_wait_however_many_are_read_at_once(
    app: App, stand_ins: StandIns, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "_READ_AT_ONCE", 2)
    monkeypatch.setattr(queue, "_LISTED", 3)
    await app.storage.operations.pause("", 0.0)
    asked = [await stand_ins.visitor("Ada").imagine(f"boat {number}") for number in range(5)]
    for reply in asked:
        await reply.until(says("Queued"))
    clock.skipped += 16 * 60  # what waits is told by the bot's own token now, and by nothing else
    await moderator(stand_ins).use("queue drain", reason="We move.")
    for reply in asked:
        await reply.until(says("let its queue run empty"))


async def test_a_pause_survives_a_restart(run: Run, stand_ins: StandIns) -> None:
    async with run():
        await moderator(stand_ins).use("queue pause")
        asked = await stand_ins.visitor("Ada").imagine("a red boat", engine="gg-3.0")
        await asked.until(says("Paused by the moderators"))
    async with run():
        bob = await stand_ins.visitor("Bob").imagine("a blue boat", engine="gg-3.0")
        await bob.until(says("Paused by the moderators"))
        await moderator(stand_ins).use("queue resume")
        await asked.until(has_pictures)
        await bob.until(has_pictures)


@pytest.mark.parametrize("act", ["pause", "drain", "resume"])
async def test_only_the_servers_own_moderators_stop_it(
    act: str, app: App, stand_ins: StandIns
) -> None:
    here = int(stand_ins.guild.id)
    if act == "resume":
        await moderator(stand_ins).use("queue pause")
    before = await app.storage.guild_pauses.paused(here)
    said = await text_of(await stand_ins.visitor("Ada").use(f"queue {act}"))
    assert "Manage Server" in said
    await outsider(stand_ins).use(f"queue {act}")
    assert await app.storage.guild_pauses.paused(here) == before
