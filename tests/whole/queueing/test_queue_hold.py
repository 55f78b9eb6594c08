"""/queue hold, release and cancel: single jobs, and what their members see of it."""

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply, Visitor
from tests.whole.conftest import Clock, Run, has_pictures, ledger, says, until, until_settled
from tests.whole.moderating.moderator import moderator, text_of

HELD = "Held by the moderators"


async def waiting_one(app: App, stand_ins: StandIns, clock: Clock, **options: object) -> Reply:
    """Ada's job, which waits for the end of a pause."""
    await app.storage.operations.pause("", clock())
    reply = await stand_ins.visitor("Ada").imagine("a red boat", engine="gg-3.0", **options)
    await reply.until(says("Queued"))
    return reply


async def job_id(app: App) -> str:
    return (await ledger(app))[-1].job_id


def outsider(stand_ins: StandIns) -> Visitor:
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    elsewhere.add_channel("talk")
    return stand_ins.discord.visitor("Ola", elsewhere, permissions=["MANAGE_GUILD"])


async def test_a_held_picture_says_so_and_starts_once_it_is_released(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    asked = await waiting_one(app, stand_ins, clock)
    mo, job = moderator(stand_ins), await job_id(app)
    said = await text_of(await mo.use("queue hold", job=job))
    assert "is held now" in said
    assert "position" not in (await asked.until(says(HELD))).text
    await app.storage.operations.resume()
    app.worker.ring()
    later = await stand_ins.visitor("Bob").imagine("a blue boat", engine="gg-3.0")
    await later.until(has_pictures)
    assert [row.held for row in await ledger(app)] == [True, False]
    mine = await text_of(await stand_ins.visitor("Ada").use("jobs"))
    assert HELD in mine
    assert "position" not in mine
    shown = await text_of(await mo.use("queue show"))
    assert "**Waiting in this server**: none; held back: 1" in shown
    assert "**held** · a red boat" in shown
    assert "waits on now" in await text_of(await mo.use("queue release", job=job))
    await asked.until(has_pictures)
    assert [row.held for row in await until_settled(app, count=2)] == [False, False]


async def test_a_hold_survives_a_restart_and_is_told_when_the_token_is_over(
    run: Run, stand_ins: StandIns, clock: Clock
) -> None:
    async with run() as app:
        asked = await waiting_one(app, stand_ins, clock)
        job = await job_id(app)
        clock.skipped += 16 * 60
        await moderator(stand_ins).use("queue hold", job=job)
        await asked.until(says(HELD))
    async with run() as app:
        await app.storage.operations.resume()
        app.worker.ring()
        clock.skipped += 24 * 3600  # four times as long as a job may wait
        bob = await stand_ins.visitor("Bob").imagine("a blue boat", engine="gg-3.0")
        await bob.until(has_pictures)
        assert not has_pictures(asked.message)  # type: ignore[arg-type] # there is one
        await moderator(stand_ins).use("queue release", job=job)
        rows = await until_settled(app, count=2)
        assert [row.state for row in rows] == ["done", "done"]


async def test_a_moderator_cancels_what_waits_and_its_member_is_told(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    asked = await waiting_one(app, stand_ins, clock)
    mo, job = moderator(stand_ins), await job_id(app)
    await mo.use("queue hold", job=job)
    said = await text_of(await mo.use("queue cancel", job=job))
    assert said == "Cancelled. Nothing was used from the member’s quota."
    await asked.until(says("A moderator cancelled it before it started."))
    [row] = await until_settled(app)
    assert (row.state, row.held, row.refunded) == ("cancelled", False, True)


async def test_a_cancel_at_a_price_is_asked_about_first(app: App, stand_ins: StandIns) -> None:
    stand_ins.tencent.hold()
    asked = await stand_ins.visitor("Ada").imagine("a red boat", engine="gg-3.0")
    await until(lambda: stand_ins.tencent.running["vod"] == 1)
    mo = moderator(stand_ins)
    question = await (await mo.use("queue cancel", job=await job_id(app))).until(
        says("The service is at work on it already.")
    )
    await mo.press(question, label="Cancel anyway")
    await asked.until(says("Being cancelled"))
    stand_ins.tencent.release()
    [row] = await until_settled(app)
    assert (row.state, row.refunded) == ("cancelled", False)


@pytest.mark.parametrize("act", ["hold", "release", "cancel"])
async def test_members_and_moderators_of_other_servers_touch_no_job_and_are_offered_none(
    act: str, app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await waiting_one(app, stand_ins, clock)
    job, mo = await job_id(app), moderator(stand_ins)
    if act == "release":
        await mo.use("queue hold", job=job)
    assert len(await mo.type(f"queue {act}", "job", "")) == 1
    before = await app.storage.jobs.find(job)
    ada, ola = stand_ins.visitor("Ada"), outsider(stand_ins)
    assert "Manage Server" in await text_of(await ada.use(f"queue {act}", job=job))
    assert await ada.type(f"queue {act}", "job", "") == []
    said = await text_of(await ola.use(f"queue {act}", job=job))
    assert said == f"There is no job “{job}” of this server."
    made_up = job[::-1]
    assert (await text_of(await ola.use(f"queue {act}", job=made_up))).replace(made_up, job) == said
    assert await ola.type(f"queue {act}", "job", "") == []
    assert await app.storage.jobs.find(job) == before


async def test_what_cannot_be_held_or_released_reads_why(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await waiting_one(app, stand_ins, clock)
    mo, job = moderator(stand_ins), await job_id(app)
    assert await text_of(await mo.use("queue release", job=job)) == (
        f"Nobody holds “{job}” back: it is still waiting."
    )
    await mo.use("queue hold", job=job)
    assert await text_of(await mo.use("queue hold", job=job)) == f"“{job}” is held already."
    await mo.use("queue cancel", job=job)
    assert await text_of(await mo.use("queue hold", job=job)) == (
        f"“{job}” is no longer waiting: it was cancelled."
    )
