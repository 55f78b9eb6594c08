"""The delivery ladder, route by route, on Discord's bad days: exactly one visible result."""

import asyncio
import io
import os
from pathlib import Path

import pytest
from PIL import Image

from bot.app import App
from bot.cli.local_stack import StandIns, open_stand_ins, running_among
from bot.imaging.labels.xmp import read_marks
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
    undo_the_end,
    until,
    until_settled,
)

MIB = 1024 * 1024
LATER_S = 901


def results(stand_ins: StandIns) -> list[Message]:
    """What the channel shows of pictures."""
    return [m for m in stand_ins.discord.world.messages(stand_ins.channel) if m.attachments]


def direct_messages(stand_ins: StandIns, member: Visitor) -> list[Message]:
    return stand_ins.discord.world.direct_messages(member.user)


async def waiting_long(
    stand_ins: StandIns, clock: Clock, **options: bool
) -> tuple[Visitor, Message]:
    """Ada's job, held at work at the API, with a token that has just expired."""
    stand_ins.tencent.hold()
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo(), **options)
    message = await reply.until(is_waiting)
    clock.skipped += LATER_S
    return ada, message


async def test_a_deleted_waiting_message_becomes_one_new_post_that_pings_who_asked(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada, message = await waiting_long(stand_ins, clock)
    stand_ins.discord.world.delete(message)
    stand_ins.tencent.release()
    pings: list[list[str]] = []  # as posted: an edit by a repeated try would ping nobody anew
    stand_ins.discord.world.on_change(
        lambda news: pings.append(news.subject.mentions) if news.kind == "message created" else None
    )
    [row] = await until_settled(app)
    [posted] = results(stand_ins)
    assert pings == [[ada.user.id]]
    assert posted.nonce == row.job_id
    job = next(iter(await app.storage.jobs.of_member(int(ada.user.id), 1)))
    assert str(job.posted_message_id) == posted.id


async def test_a_new_post_whose_answer_is_lost_is_found_again_and_not_repeated(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada, message = await waiting_long(stand_ins, clock)
    stand_ins.discord.world.delete(message)
    stand_ins.discord.script("POST", r"/channels/\d+/messages$", drop="after")
    for number in range(120):  # more than a page of other people's talk
        ada.say(f"chatter {number}")
    stand_ins.tencent.release()
    [row] = await until_settled(app)
    assert row.state == "done"
    assert len(results(stand_ins)) == 1


async def test_an_edit_whose_answer_is_lost_shows_one_result(app: App, stand_ins: StandIns) -> None:
    stand_ins.tencent.hold()
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await reply.until(is_waiting)
    stand_ins.discord.script("PATCH", r"/webhooks/.*", drop="after", times=2)
    stand_ins.tencent.release()
    await until_settled(app)
    assert len(results(stand_ins)) == 1
    assert len(stand_ins.tencent.charged) == 1


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_passing_fault_of_discord_does_not_lead_to_the_next_route(
    app: App, stand_ins: StandIns, clock: Clock, status: int
) -> None:
    ada, message = await waiting_long(stand_ins, clock)
    body = {"message": "slow down", "retry_after": 0.2, "global": False} if status == 429 else None
    stand_ins.discord.script(
        "PATCH", r"/channels/\d+/messages/\d+$", status=status, body=body, times=2
    )
    stand_ins.tencent.release()
    await until_settled(app)
    assert results(stand_ins) == [message]
    assert direct_messages(stand_ins, ada) == []
    assert message.mentions == []


async def test_revoked_permissions_lead_to_a_direct_message(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.hold()
    ada = stand_ins.visitor("Ada")
    await (await ada.restyle(photo())).until(is_waiting)
    stand_ins.channel.revoke("VIEW_CHANNEL")
    clock.skipped += LATER_S
    stand_ins.tencent.release()
    [row] = await until_settled(app)
    assert row.state == "done"
    [direct_message] = direct_messages(stand_ins, ada)
    assert len(direct_message.attachments) == 1


async def test_without_read_history_the_new_post_is_a_plain_one(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada, message = await waiting_long(stand_ins, clock)
    stand_ins.discord.world.delete(message)
    stand_ins.channel.revoke("READ_MESSAGE_HISTORY")
    stand_ins.tencent.release()
    await until_settled(app)
    assert len(results(stand_ins)) == 1
    assert direct_messages(stand_ins, ada) == []


async def test_closed_direct_messages_keep_the_result_for_later(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada, _ = await waiting_long(stand_ins, clock, private=True)
    ada.member.closes_dms()
    stand_ins.tencent.release()
    [row] = await until_settled(app)
    assert (row.state, row.images) == ("done", 1)
    assert results(stand_ins) == []
    shown = await ada.use("result", job=row.job_id)
    assert (await shown.until(has_pictures)).ephemeral


@pytest.mark.parametrize("fault", ["deleted", "revoked", "failing"])
async def test_a_private_result_never_reaches_a_channel(
    app: App, stand_ins: StandIns, clock: Clock, fault: str
) -> None:
    ada, message = await waiting_long(stand_ins, clock, private=True)
    if fault == "deleted":
        stand_ins.discord.world.delete(message)
    elif fault == "revoked":
        stand_ins.channel.revoke("SEND_MESSAGES", "ATTACH_FILES")
    else:
        stand_ins.discord.script("POST", r"/users/@me/channels$", status=503, times=1)
    stand_ins.tencent.release()
    await until_settled(app)
    posts = [
        exchange.call.path
        for exchange in stand_ins.discord.exchanges
        if exchange.call.path.startswith(f"/channels/{stand_ins.channel.id}/")
    ]
    assert posts == []
    [direct_message] = direct_messages(stand_ins, ada)
    assert len(direct_message.attachments) == 1


async def test_a_failure_edits_the_old_message_after_the_token_has_expired(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.script(
        "ImageToImage", code="FailedOperation.GenerateImageFailed", delay_s=0.5
    )
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await reply.until(is_waiting)
    clock.skipped += LATER_S
    message = await reply.until(says("refused the result"))
    await until_settled(app)
    assert stand_ins.discord.world.messages(stand_ins.channel) == [message]
    assert message.mentions == []


async def test_what_the_bot_lacks_is_named_before_any_work(app: App, stand_ins: StandIns) -> None:
    stand_ins.channel.revoke("ATTACH_FILES", "SEND_MESSAGES")
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo())
    assert reply.ephemeral
    assert reply.message is not None
    assert "it lacks Send Messages and Attach Files in this channel" in reply.message.text
    assert await ledger(app) == []
    private = await ada.restyle(photo(), private=True)
    await private.until(has_pictures)
    await until_settled(app)


async def test_a_crash_between_post_and_settling_edits_the_same_message(
    run: Run, stand_ins: StandIns, clock: Clock, tmp_path: Path
) -> None:
    async with run() as app:
        _, message = await waiting_long(stand_ins, clock)
        stand_ins.discord.world.delete(message)
        stand_ins.tencent.release()
        await until_settled(app)
    undo_the_end(tmp_path)
    [posted] = results(stand_ins)
    edited_at = posted.edited_at
    async with run() as app:
        await until(lambda: posted.edited_at != edited_at)
        [row] = await until_settled(app)
    assert row.state == "done"
    assert results(stand_ins) == [posted]


async def test_a_crash_between_post_and_noting_it_finds_the_post(
    run: Run, stand_ins: StandIns, clock: Clock, tmp_path: Path
) -> None:
    async with run() as app:
        ada, message = await waiting_long(stand_ins, clock)
        stand_ins.discord.world.delete(message)
        stand_ins.tencent.release()
        await until_settled(app)
    undo_the_end(tmp_path, ", posted_channel_id = NULL, posted_message_id = NULL")
    [posted] = results(stand_ins)
    posted.nonce = None  # Discord forgets a nonce within minutes
    async with run() as app:
        async with asyncio.timeout(10):
            [job] = await app.storage.jobs.of_member(int(ada.user.id), 1)
            while job.state != "done":
                await asyncio.sleep(0.01)
                [job] = await app.storage.jobs.of_member(int(ada.user.id), 1)
    assert str(job.posted_message_id) == posted.id
    assert results(stand_ins) == [posted]


class Noise:
    """An artist whose pictures no format can make small."""

    def __init__(self, side: int) -> None:
        self._side = side

    def paint(self, prompt: str, size: tuple[int, int], **_: object) -> bytes:
        del prompt, size
        return self._noise()

    def restyle(self, picture: bytes, **_: object) -> bytes:
        del picture
        return self._noise()

    def _noise(self) -> bytes:
        side = self._side
        out = io.BytesIO()
        picture = Image.frombytes("RGB", (side, side), os.urandom(side * side * 3))
        picture.save(out, "JPEG", quality=98, subsampling=0)
        return out.getvalue()


async def test_a_picture_over_the_servers_limit_is_made_smaller_labelled_anew_and_says_so(
    tmp_path: Path, clock: Clock
) -> None:
    async with (
        open_stand_ins(now=clock, artist=Noise(1024)) as stand_ins,
        running_among(stand_ins, tmp_path, now=clock) as app,
    ):
        stand_ins.guild.attachment_size_limit = MIB
        reply = await stand_ins.visitor("Ada").imagine("noise")
        message = await reply.until(has_pictures, timeout=30)
        assert "Made smaller to fit Discord’s limit" in message.text
        [data] = await reply.pictures()
        assert len(data) <= MIB
        marks = read_marks(data)
        assert marks.aigc is not None
        assert marks.aigc["Label"] == "1"
        await until_settled(app)
        stand_ins.discord.faults.check()


async def test_several_pictures_share_one_requests_limit(tmp_path: Path, clock: Clock) -> None:
    async with (
        open_stand_ins(now=clock, artist=Noise(1024)) as stand_ins,
        running_among(stand_ins, tmp_path, now=clock) as app,
    ):
        reply = await stand_ins.visitor("Ada").imagine(
            "noise", engine="og-medium", size="2K", count=3
        )
        message = await reply.until(has_pictures, timeout=60)
        assert "Made smaller" in message.text
        pictures = await reply.pictures()
        assert len(pictures) == 3  # of more than ten MiB each
        assert sum(map(len, pictures)) <= 25 * MIB
        await until_settled(app)
        stand_ins.discord.faults.check()


async def test_a_limit_that_shrank_since_the_request_is_met_at_the_same_route(
    tmp_path: Path, clock: Clock
) -> None:
    async with (
        open_stand_ins(now=clock, artist=Noise(1024)) as stand_ins,
        running_among(stand_ins, tmp_path, now=clock) as app,
    ):
        stand_ins.guild.attachment_size_limit = 50 * MIB
        stand_ins.tencent.hold()
        ada = stand_ins.visitor("Ada")
        reply = await ada.imagine("noise", engine="og-medium", size="2K")
        await reply.until(is_waiting)
        stand_ins.guild.attachment_size_limit = 10 * MIB
        stand_ins.tencent.release()
        # The first try is refused as too large, which is the stand-in's to note.
        message = await reply.until(has_pictures, timeout=60)
        assert "Made smaller" in message.text
        await until_settled(app)
