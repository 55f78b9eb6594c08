"""Cancelling, listing and showing again, as members and moderators do it."""

import pytest

from bot.app import App
from bot.sandbox.message import Message
from bot.sandbox.visitor import Reply, Visitor
from bot.stage import StandIns
from tests.whole.conftest import (
    Run,
    has_pictures,
    is_waiting,
    ledger,
    photo,
    says,
    until,
    until_settled,
)


def has_cancel(message: Message) -> bool:
    return any(button.label == "Cancel" for button in message.buttons)


def said(reply: Reply) -> str:
    """What only the asker reads."""
    assert reply.ephemeral
    assert reply.message is not None
    return reply.message.text


async def busy_and_waiting(stand_ins: StandIns, ada: Visitor) -> tuple[Reply, Reply]:
    """Ada's first job, held at work at the API, and her second one waiting behind it."""
    stand_ins.tencent.hold()
    first = await ada.restyle(photo())
    await until(lambda: stand_ins.tencent.running["aiart"] == 1)
    second = await ada.restyle(photo(), prompt="the second one")
    await second.until(says("Queued"))
    return first, second


async def states(app: App) -> list[str]:
    return sorted(row.state for row in await ledger(app))


async def test_a_waiting_job_is_cancelled_at_once_by_its_button(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    first, second = await busy_and_waiting(stand_ins, ada)
    assert second.message is not None
    answer = await ada.press(second.message, "Cancel")
    assert "Nothing was used from your quota" in said(answer)
    message = await second.until(says("Cancelled before it started"))
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
    asked = await ada.press(first.message, "Cancel")
    assert "it still counts towards the quota" in said(asked)
    assert await states(app) == ["queued", "running"]
    assert asked.message is not None
    confirmed = await ada.press(asked.message, "Cancel anyway")
    assert confirmed.message is not None
    assert "its result is not shown" in confirmed.message.text
    assert not confirmed.message.buttons
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
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.hold()
    stand_ins.tencent.script("CreateAigcImageTask", pictures=1)
    ada = stand_ins.visitor("Ada")
    reply = await ada.imagine("two boats", engine="og-medium", count=2)
    await until(lambda: stand_ins.tencent.running["vod"] == 1)
    asked = await ada.press(await reply.until(has_cancel), "Cancel")
    assert asked.message is not None
    await ada.press(asked.message, "Cancel anyway")
    stand_ins.tencent.release()
    [row] = await until_settled(app)
    [charge] = stand_ins.tencent.charged
    assert (row.state, row.images, charge.pictures) == ("cancelled", 1, 1)
    engine = app.catalogue.get("og-medium")
    assert engine is not None
    assert row.cost_usd == pytest.approx(engine.price_usd)


async def test_the_button_works_after_a_restart(run: Run, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    stand_ins.tencent.script("ImageToImage", code="RequestLimitExceeded", times=50)
    async with run():
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
    assert "Only who asked for this picture" in said(refused)
    assert await states(app) == ["queued", "running"]
    mo = stand_ins.discord.visitor(
        "Mo", stand_ins.guild, stand_ins.channel, permissions=["MANAGE_GUILD"]
    )
    await mo.press(second.message, "Cancel")
    await second.until(says("by a moderator"))
    stand_ins.tencent.release()
    await first.until(has_pictures)
    await until_settled(app, count=2)


async def test_a_moderator_of_another_server_is_nobody_here(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    _, second = await busy_and_waiting(stand_ins, ada)
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    elsewhere.add_channel("talk")
    mo = stand_ins.discord.visitor("Mo", elsewhere, permissions=["MANAGE_GUILD"])
    waiting = max(row.job_id for row in await ledger(app))
    assert "Only who asked" in said(await mo.use("cancel", job=waiting))
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
    assert "Cancelled" in said(await ada.use("cancel", job=choices[0]["value"]))
    assert "too late" in said(await ada.use("cancel", job=choices[0]["value"]))
    assert "no job" in said(await ada.use("cancel", job="nonsense"))
    stand_ins.tencent.release()
    await first.until(has_pictures)
    await until_settled(app, count=2)


async def test_my_jobs_are_listed_with_place_state_and_link(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    first, second = await busy_and_waiting(stand_ins, ada)
    text = said(await ada.use("jobs"))
    assert "queued, position 1" in text
    assert "**running**" in text
    assert second.message is not None
    assert f"/{stand_ins.guild.id}/{stand_ins.channel.id}/{second.message.id}" in text
    assert "nothing yet" in said(await stand_ins.visitor("Bob").use("jobs"))
    stand_ins.tencent.release()
    await first.until(has_pictures)
    await second.until(has_pictures)
    await until_settled(app, count=2)
    assert said(await ada.use("jobs")).count("**done**") == 2


async def test_a_result_is_posted_again_from_what_is_kept(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo(), prompt="as a stamp")
    await reply.until(has_pictures)
    [row] = await until_settled(app)
    [choice] = await ada.type("result", "job", "stamp")
    again = await ada.use("result", job=choice["value"])
    message = await again.until(has_pictures)
    assert not message.ephemeral
    assert message.mentions == []
    assert "AI-generated" in message.text
    assert row.job_id in message.text
    assert len(stand_ins.tencent.charged) == 1
    bob = stand_ins.visitor("Bob")
    assert await bob.type("result", "job", "") == []
    assert "no job" in said(await bob.use("result", job=row.job_id))


async def test_a_private_result_is_shown_again_to_its_member_alone(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo(), private=True)
    await reply.until(has_pictures)
    [row] = await until_settled(app)
    again = await ada.use("result", job=row.job_id)
    assert (await again.until(has_pictures)).ephemeral


async def test_pictures_that_are_no_longer_kept_are_a_sentence(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo())
    await reply.until(has_pictures)
    [row] = await until_settled(app)
    job = next(job for job in await app.storage.jobs.of_member(int(ada.user.id), 1))
    await app.storage.blobs.delete(job.outputs)
    again = await ada.use("result", job=row.job_id)
    await again.until(says("are no longer kept"))


async def test_a_job_without_a_result_is_a_sentence(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    stand_ins.tencent.script("ImageToImage", code="OperationDenied.TextIllegalDetected")
    await (await ada.restyle(photo())).until(says("refused"))
    [row] = await until_settled(app)
    assert "has ended as refused" in said(await ada.use("result", job=row.job_id))
