"""Delete: asks once, then nothing of it is shown, kept or brought back; the ledger stays."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.chat.posting.delivery import Delivery
from bot.chat.responses import Response
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import Job, JobId
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    is_waiting,
    says,
    undo_the_end,
    until,
    until_settled,
)
from tests.whole.making.follow_ups.pressing import ada, forge, imagined, job_of, restyled


async def asked(visitor: Visitor, message: Message) -> Reply:
    return await visitor.choose(message, "delete", custom_id=f"easel:more:{job_of(message)}")


async def confirmed(visitor: Visitor, question: Reply) -> Message:
    """The question once it was answered with yes, and that was carried out."""
    await until(lambda: shown_of(question) is not None)
    shown = shown_of(question)
    assert shown is not None
    assert shown.ephemeral
    await visitor.press(shown, "Delete for good")
    await until(lambda: not shown.buttons)
    return shown


def shown_of(question: Reply) -> Message | None:
    answers = [question.message, *question.followups]
    asking = (each for each in answers if each and "for good" in each.text)
    return next(asking, None)


async def deleted(visitor: Visitor, message: Message) -> str:
    return (await confirmed(visitor, await asked(visitor, message))).text


async def kept(app: App, job_id: str) -> int:
    """How many files are kept for a job."""
    job = await app.storage.jobs.find(JobId(job_id))
    assert job is not None
    found = 0
    for key in (f"{job_id}/in/0", f"{job_id}/raw/0", f"{job_id}/raw/1"):
        try:
            await app.storage.blobs.get(key)
        except KeyError:
            continue
        found += 1
    return found + len(job.outputs) + len(job.order.inputs)


async def test_the_message_and_the_kept_pictures_go_and_the_ledger_stays(
    app: App, stand_ins: StandIns
) -> None:
    result = await restyled(stand_ins)
    [row] = await until_settled(app)
    assert await kept(app, row.job_id) == 4
    assert "Deleted" in await deleted(ada(stand_ins), result)
    assert result.deleted
    assert await kept(app, row.job_id) == 0
    assert await until_settled(app) == [row]


async def test_result_cannot_bring_it_back(app: App, stand_ins: StandIns) -> None:
    result = await imagined(stand_ins)
    [row] = await until_settled(app)
    await deleted(ada(stand_ins), result)
    assert await ada(stand_ins).type("result", "job", "") == []
    reply = await ada(stand_ins).use("result", job=row.job_id)
    await reply.until(says("was deleted"))


async def test_a_moderator_deletes_the_result_of_another(app: App, stand_ins: StandIns) -> None:
    result = await imagined(stand_ins)
    await until_settled(app)
    mod = stand_ins.visitor("Mo")
    mod.member.own = Permissions.MANAGE_GUILD
    await deleted(mod, result)
    assert result.deleted


async def test_the_moderators_role_deletes_the_result_of_another(
    app: App, stand_ins: StandIns
) -> None:
    result = await imagined(stand_ins)
    await until_settled(app)
    mods = stand_ins.guild.add_role("Mods")
    stand_ins.guild.add_member("Kim", roles=[mods])
    guild_id, role_id = int(stand_ins.guild.id), int(mods.id)
    await app.storage.guild_settings.change(
        guild_id, lambda kept: replace(kept, moderator_role_id=role_id), by=1, now=0.0
    )
    await deleted(stand_ins.visitor("Kim"), result)
    assert result.deleted


async def test_a_stranger_is_not_even_asked(app: App, stand_ins: StandIns) -> None:
    result = await imagined(stand_ins)
    await until_settled(app)
    reply = await asked(stand_ins.visitor("Ben"), result)
    await reply.until(says("You cannot use this result"))
    assert not result.deleted


async def test_it_works_after_a_restart_of_the_bot_between_question_and_answer(
    run: Run, stand_ins: StandIns
) -> None:
    async with run() as app:
        result = await imagined(stand_ins)
        await until_settled(app)
        question = await asked(ada(stand_ins), result)
    async with run():
        await confirmed(ada(stand_ins), question)
        await stand_ins.discord.world.until(lambda: result.deleted)


async def test_asker_and_moderator_at_once_both_read_that_it_is_gone(
    app: App, stand_ins: StandIns
) -> None:
    result = await imagined(stand_ins)
    await until_settled(app)
    mod = stand_ins.visitor("Mo")
    mod.member.own = Permissions.MANAGE_GUILD
    mine, theirs = await asked(ada(stand_ins), result), await asked(mod, result)
    shown = await asyncio.gather(confirmed(ada(stand_ins), mine), confirmed(mod, theirs))
    assert [("Deleted" in each.text) for each in shown] == [True, True]


async def test_a_message_that_somebody_deleted_by_hand_is_no_error(
    app: App, stand_ins: StandIns
) -> None:
    result = await imagined(stand_ins)
    [row] = await until_settled(app)
    question = await asked(ada(stand_ins), result)
    stand_ins.discord.world.delete(result)
    assert "Its message and the pictures" in (await confirmed(ada(stand_ins), question)).text
    assert await kept(app, row.job_id) == 0


async def test_a_private_result_goes_too_long_after_its_own_token(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    result = await imagined(stand_ins, private=True)
    await until_settled(app)
    clock.skipped += 3600
    assert "are gone" in await deleted(ada(stand_ins), result)
    assert result.deleted


async def test_a_copy_that_result_has_posted_goes_with_it(app: App, stand_ins: StandIns) -> None:
    result = await imagined(stand_ins)
    [row] = await until_settled(app)
    copy = await (await ada(stand_ins).use("result", job=row.job_id)).until(has_pictures)
    await deleted(ada(stand_ins), copy)
    assert (copy.deleted, result.deleted) == (True, True)


async def test_all_copies_that_result_has_posted_go_also_after_a_restart(
    run: Run, stand_ins: StandIns
) -> None:
    copies = []
    async with run() as app:
        result = await imagined(stand_ins)
        [row] = await until_settled(app)
        for _ in range(2):
            reply = await ada(stand_ins).use("result", job=row.job_id)
            copies.append(await reply.until(has_pictures))
    async with run():
        assert "are gone" in await deleted(ada(stand_ins), result)
        assert [message.deleted for message in (result, *copies)] == [True] * 3


async def test_a_copy_that_is_posted_while_its_result_is_deleted_does_not_stay(
    app: App, stand_ins: StandIns, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = await imagined(stand_ins)
    [row] = await until_settled(app)
    send = Response.send_message

    async def send_late(self: Any, *args: Any, **kwargs: Any) -> Any:
        await app.storage.jobs.mark_deleted(JobId(row.job_id), row.user_id, clock())
        return await send(self, *args, **kwargs)

    monkeypatch.setattr(Response, "send_message", send_late)
    await ada(stand_ins).use("result", job=row.job_id)
    shown = stand_ins.discord.exchanges
    await until(lambda: any(exchange.call.method == "DELETE" for exchange in shown))
    messages = stand_ins.discord.world.messages(stand_ins.channel)
    assert [message for message in messages if message.attachments] == [result]


async def test_a_job_that_is_not_finished_has_nothing_to_delete(
    app: App, stand_ins: StandIns
) -> None:
    result = await imagined(stand_ins)
    await until_settled(app)
    stand_ins.tencent.hold()
    waiting = await (await ada(stand_ins).imagine("a mill")).until(is_waiting)
    [button] = [each for each in waiting.buttons if each.label == "Cancel"]
    forge(result, str(button.custom_id).rpartition(":")[2])
    reply = await asked(ada(stand_ins), result)
    await reply.until(says("not finished yet"))
    stand_ins.tencent.release()


@pytest.mark.usefixtures("quick_beats")
async def test_a_late_delivery_brings_nothing_back_and_is_paid(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    """A crash between the post and the settling leaves a job to be delivered once more."""
    async with run() as app:
        result = await imagined(stand_ins)
        [before] = await until_settled(app)
    undo_the_end(tmp_path, also=", deleted_at = 1.0")
    with closing(sqlite3.connect(tmp_path / "easel.db")) as connection, connection:
        connection.execute("UPDATE ledger SET state = 'delivering', finished_at = NULL")
    before_it = len(stand_ins.discord.exchanges)
    async with run() as app:
        [after] = await until_settled(app)
        async with asyncio.timeout(10):  # the names are forgotten a moment after the settling
            while await kept(app, after.job_id):
                await asyncio.sleep(0.01)
    assert result.deleted
    calls = [exchange.call for exchange in list(stand_ins.discord.exchanges)[before_it:]]
    assert [call.path for call in calls if call.files] == []  # not even for a moment
    assert [m for m in stand_ins.discord.world.messages(stand_ins.channel) if m.attachments] == []
    assert (after.state, after.cost_usd, after.images) == ("done", before.cost_usd, before.images)


async def test_what_is_deleted_while_it_is_being_posted_does_not_stay(
    run: Run, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process notes the deletion, finds no message yet, and a moment later there is one."""
    async with run() as app:
        post = Delivery.post

        async def post_late(self: Delivery, job: Job, *parts: Any) -> None:
            await app.storage.jobs.mark_deleted(job.id, 1, 1.0)
            await post(self, job, *parts)

        monkeypatch.setattr(Delivery, "post", post_late)
        reply = await ada(stand_ins).imagine("a lighthouse")
        [row] = await until_settled(app)
        assert reply.message is None or reply.message.deleted
        async with asyncio.timeout(10):
            while await kept(app, row.job_id):
                await asyncio.sleep(0.01)
        assert (row.state, row.images) == ("done", 1)
