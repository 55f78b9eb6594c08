"""Cancelling, as members and moderators do it."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.chat.posting.delivery import Delivery
from bot.cli.local_stack import StandIns
from bot.domain.follow_ups.kinds import Offers
from bot.domain.jobs.line import Standing
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.world import Message
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
from tests.whole.queueing.busy import busy_and_waiting, said


def has_cancel(message: Message) -> bool:
    return any(button.label == "Cancel" for button in message.buttons)


async def asked_of(who: Visitor, message: Message) -> Message:
    """Press Cancel on a job at work; the question that only who pressed reads."""
    return await (await who.press(message, "Cancel")).until(lambda asked: bool(asked.buttons))


def moderator(stand_ins: StandIns) -> Visitor:
    return stand_ins.discord.visitor(
        "Mo", stand_ins.guild, stand_ins.channel, permissions=["MANAGE_GUILD"]
    )


async def states(app: App) -> list[str]:
    return sorted(row.state for row in await ledger(app))


async def test_a_waiting_job_is_cancelled_at_once_by_its_button(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    first, second = await busy_and_waiting(stand_ins, ada)
    assert second.message is not None
    answer = await ada.press(second.message, "Cancel")
    assert "Nothing was used from your quota" in await said(answer)
    message = await second.until(says("**Cancelled** · You cancelled it before it started."))
    assert not has_cancel(message)
    stand_ins.tencent.release()
    await first.until(has_pictures)
    rows = await until_settled(app, count=2)
    [gone] = [row for row in rows if row.state == "cancelled"]
    assert (gone.images, gone.cost_usd, gone.refunded) == (0, 0.0, True)
    assert len(stand_ins.tencent.charged) == 1


async def test_a_running_job_is_cancelled_only_after_its_price_was_named(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    first, second = await busy_and_waiting(stand_ins, ada)
    assert first.message is not None
    asked = await asked_of(ada, first.message)
    assert "still counts towards your quota" in asked.text
    assert await states(app) == ["queued", "running"]
    confirmed = await ada.press(asked, "Cancel anyway")
    message = await confirmed.until(says("its result is not shown"))
    assert message.ephemeral
    assert not message.buttons
    message = await first.until(says("Being cancelled"))
    assert not has_cancel(message)
    assert stand_ins.tencent.running["aiart"] == 1
    stand_ins.tencent.release()
    message = await first.until(says("so it counts towards your quota"))
    assert message.attachments == []
    await second.until(has_pictures)
    rows = await until_settled(app, count=2)
    [gone] = [row for row in rows if row.state == "cancelled"]
    assert (gone.images, gone.refunded) == (1, False)
    assert gone.cost_usd == pytest.approx(0.08)
    assert gone.request_id
    assert len(stand_ins.tencent.charged) == 2


async def test_a_job_cancelled_at_work_counts_the_pictures_that_were_made(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[engines.og-medium]\nprice_usd = 0.07\n")
    stand_ins.tencent.hold()
    stand_ins.tencent.script("CreateAigcImageTask", pictures=1)
    ada = stand_ins.visitor("Ada")
    async with run() as app:
        reply = await ada.imagine("two boats", engine="og-medium", count=2)
        await until(lambda: stand_ins.tencent.running["vod"] == 1)
        asked = await asked_of(ada, await reply.until(has_cancel))
        await (await ada.press(asked, "Cancel anyway")).until(says("its result is not shown"))
        stand_ins.tencent.release()
        [row] = await until_settled(app)
    [charge] = stand_ins.tencent.charged
    assert (row.state, row.images, charge.pictures) == ("cancelled", 1, 1)
    assert row.cost_usd == pytest.approx(0.07)


async def test_the_button_works_after_a_restart(
    run: Run, stand_ins: StandIns, clock: Clock
) -> None:
    ada = stand_ins.visitor("Ada")
    async with run() as app:
        await app.storage.operations.pause("", clock())
        reply = await ada.restyle(photo())
        await reply.until(is_waiting)
    async with run() as app:
        assert reply.message is not None
        await ada.press(reply.message, "Cancel")
        await reply.until(says("Cancelled"))
        assert await states(app) == ["cancelled"]
    assert stand_ins.tencent.charged == []


async def test_others_may_not_press_and_a_moderator_may(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    first, second = await busy_and_waiting(stand_ins, ada)
    assert second.message is not None
    refused = await stand_ins.visitor("Bob").press(second.message, "Cancel")
    assert "Only the person who asked for this picture" in await said(refused)
    assert await states(app) == ["queued", "running"]
    answer = await moderator(stand_ins).press(second.message, "Cancel")
    assert "Nothing was used from the member’s quota" in await said(answer)
    await second.until(says("**Cancelled** · A moderator cancelled it before it started."))
    stand_ins.tencent.release()
    await first.until(has_pictures)
    await until_settled(app, count=2)


async def test_a_paid_cancel_by_a_moderator_says_whose_quota_pays_and_who_did_it(
    app: App, stand_ins: StandIns
) -> None:
    ada, mo = stand_ins.visitor("Ada"), moderator(stand_ins)
    first, second = await busy_and_waiting(stand_ins, ada)
    assert first.message is not None
    asked = await asked_of(mo, first.message)
    assert "still counts towards the member’s quota" in asked.text
    confirmed = await mo.press(asked, "Cancel anyway")
    await confirmed.until(says("it counts towards the member’s quota"))
    await first.until(says("Being cancelled"))
    stand_ins.tencent.release()
    await first.until(says("· A moderator cancelled it while the service was at work"))
    await second.until(has_pictures)
    rows = await until_settled(app, count=2)
    [gone] = [row for row in rows if row.state == "cancelled"]
    assert (gone.images, gone.refunded) == (1, False)


async def test_no_later_edit_takes_back_that_a_job_is_being_cancelled(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada, store = stand_ins.visitor("Ada"), app.storage.jobs
    first, second = await busy_and_waiting(stand_ins, ada)
    [stale] = [job for job in await store.of_member(int(ada.user.id), 2) if job.sent_at]
    await store.cancel(stale.id, int(ada.user.id), clock(), if_sent=True)
    marked = await store.find(stale.id)
    assert marked is not None
    delivery, standing = (
        Delivery(app.client, posts=store, offers=lambda *_: Offers(), now=clock),
        Standing(0, 10, 20),
    )
    for read in (stale, marked, stale):
        await delivery.announce(read, standing)
    await delivery.refresh(stale, replace(standing, is_running=True))
    assert first.message is not None
    assert says("Being cancelled")(first.message)
    stand_ins.tencent.release()
    await second.until(has_pictures)
    await until_settled(app, count=2)


async def test_that_a_job_is_being_cancelled_is_shown_after_its_token_too(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada = stand_ins.visitor("Ada")
    first, second = await busy_and_waiting(stand_ins, ada)
    assert first.message is not None
    clock.skipped += 901
    await ada.press(await asked_of(ada, first.message), "Cancel anyway")
    await first.until(says("Being cancelled"))
    stand_ins.tencent.release()
    await second.until(has_pictures)
    await until_settled(app, count=2)


@pytest.mark.parametrize("private", [True, False])
async def test_the_owner_reads_of_a_moderators_cancel_where_the_message_is_out_of_reach(
    app: App, stand_ins: StandIns, clock: Clock, *, private: bool
) -> None:
    ada = stand_ins.visitor("Ada")
    await app.storage.operations.pause("", clock())
    reply = await ada.restyle(photo(), private=private)
    message = await reply.until(is_waiting)
    if not private:
        stand_ins.discord.world.delete(message)
    clock.skipped += 901  # the token is over
    [row] = await ledger(app)
    answer = await moderator(stand_ins).use("cancel", job=row.job_id)
    assert "the member’s quota" in await said(answer)
    await until(lambda: bool(told(stand_ins, ada, private=private)))
    [told_ada] = told(stand_ins, ada, private=private)
    assert "A moderator cancelled it before it started" in told_ada.text


def told(stand_ins: StandIns, ada: Visitor, *, private: bool) -> list[Message]:
    world = stand_ins.discord.world
    if private:
        return world.direct_messages(ada.user)
    return [m for m in world.messages(stand_ins.channel) if not m.ephemeral]


async def test_the_owners_own_cancel_is_answered_once(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada = stand_ins.visitor("Ada")
    await app.storage.operations.pause("", clock())
    reply = await ada.restyle(photo(), private=True)
    await reply.until(is_waiting)
    clock.skipped += 901
    [row] = await ledger(app)
    assert "your quota" in await said(await ada.use("cancel", job=row.job_id))
    await until_settled(app)
    await asyncio.sleep(0.3)
    assert told(stand_ins, ada, private=True) == []


async def test_a_moderator_of_another_server_is_nobody_here(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    _, second = await busy_and_waiting(stand_ins, ada)
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    elsewhere.add_channel("talk")
    mo = stand_ins.discord.visitor("Mo", elsewhere, permissions=["MANAGE_GUILD"])
    waiting = max(row.job_id for row in await ledger(app))
    assert "a moderator of the server where they did" in await said(
        await mo.use("cancel", job=waiting)
    )
    stand_ins.tencent.release()
    await second.until(has_pictures)
    await until_settled(app, count=2)


async def test_the_command_suggests_live_jobs_and_cancels_one(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    first, _ = await busy_and_waiting(stand_ins, ada)
    choices = await ada.type("cancel", "job", "second")
    assert len(choices) == 1
    assert "the second one · queued" in choices[0]["name"]
    assert await stand_ins.visitor("Bob").type("cancel", "job", "") == []
    assert "Cancelled" in await said(await ada.use("cancel", job=choices[0]["value"]))
    assert "too late" in await said(await ada.use("cancel", job=choices[0]["value"]))
    assert "known here" in await said(await ada.use("cancel", job="nonsense"))
    stand_ins.tencent.release()
    await first.until(has_pictures)
    await until_settled(app, count=2)
