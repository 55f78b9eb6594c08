"""Roles, channels and files are those of the interaction itself, whatever else is known of them."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.forms import Upload
from bot.sandbox.discord.world.world import Channel, Message
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

NEWER_KIND = 99  # of a channel: one that the library does not know
STAGE = 13  # whose bitrate the library insists on, and which the stand-in leaves out


@pytest.fixture
def mo(stand_ins: StandIns) -> Visitor:
    stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    return stand_ins.visitor("Mo")


async def test_a_roles_quota_holds_before_the_gateway_has_told_of_the_server(
    run: Run, stand_ins: StandIns, mo: Visitor
) -> None:
    fans = stand_ins.guild.add_role("Fans")
    bob = stand_ins.guild.add_member("Bob")
    visitor = stand_ins.visitor("Bob")
    async with run() as app:
        result = await (await visitor.imagine("a lighthouse")).until(has_pictures)
        await until_settled(app)
        await mo.use("quota set", images=0, period="day", role=fans)
    bob.roles = (fans,)
    stand_ins.discord.gateway.withholds_guilds = True
    async with run() as app:
        opened = await visitor.use("blend", prompt="a collage")
        for reply in (
            await visitor.imagine("a second one"),
            await visitor.restyle(photo()),
            await visitor.press(result, "Again"),
            await visitor.submit_modal(opened, {"pictures": [photo()]}),
        ):
            message = await reply.until(lambda shown: bool(shown.text))
            assert "no pictures" in message.text.casefold()
            assert message.ephemeral
        for about in (
            await visitor.use("quota show"),
            await visitor.use("quota list"),
            await mo.use("quota show", user=bob),
        ):
            await about.until(says(f"<@&{fans.id}>"))
        assert len(await ledger(app)) == 1
    assert len(stand_ins.tencent.charged) == 1


@pytest.fixture(params=[NEWER_KIND, STAGE], ids=["newer", "told in part"])
def odd(stand_ins: StandIns, request: pytest.FixtureRequest) -> Channel:
    return stand_ins.guild.add_channel("odd", request.param)


async def test_a_channel_of_a_kind_the_library_does_not_know_is_worked_in_like_any_other(
    app: App, stand_ins: StandIns, odd: Channel, clock: Clock
) -> None:
    ada = Visitor(stand_ins.discord, stand_ins.visitor("Ada").user, odd)
    refused = await ada.restyle(Upload("notes.txt", b"no picture at all"))
    assert (await refused.until(lambda shown: bool(shown.text))).ephemeral
    stand_ins.tencent.hold()
    reply = await ada.restyle(photo())
    await until(lambda: stand_ins.tencent.running["aiart"] == 1)
    waiting = await (await ada.restyle(photo(), prompt="as a mosaic")).until(says("Queued"))
    await (await ada.press(waiting, "Cancel")).until(says("Nothing was used"))
    clock.skipped += 901  # the token is over: the bot edits the message by the channel's id
    stand_ins.tencent.release()
    message = await reply.until(has_pictures)
    assert f"/{odd.id}/{message.id}" in await text_of_jobs(ada)
    await (await ada.press(message, "Again")).until(has_pictures)
    [row, *_] = await until_settled(app, count=3)
    assert row.channel_id == int(odd.id)
    assert {shown.channel.id for shown in posted(odd)} == {odd.id}


async def text_of_jobs(ada: Visitor) -> str:
    return (await (await ada.use("jobs")).until(lambda shown: bool(shown.text))).text


def posted(channel: Channel) -> list[Message]:
    return channel.world.messages(channel)


async def test_a_forms_files_are_taken_in_the_order_they_were_chosen_in(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    opened = await ada.use("blend", prompt="a collage")
    widths = [100, 110, 120, 130, 140]
    pictures = [photo((width, 90), name=f"{width}.jpg") for width in widths]
    reply = await ada.submit_modal(opened, {"pictures": pictures[:3], "more": pictures[3:]})
    await reply.until(has_pictures)
    await until_settled(app)
    [job] = await app.storage.jobs.of_member(int(ada.user.id), 1)
    kept = [await app.storage.blobs.get(key) for key in job.order.inputs]
    assert [Image.open(io.BytesIO(data)).width for data in kept] == widths


async def test_in_direct_messages_no_permission_is_asked_for(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[access]\ndirect_messages = true\n")
    async with run() as app:
        reply = await stand_ins.discord.visitor("Ada").imagine("a lighthouse")
        await reply.until(has_pictures)
        await until_settled(app)


async def test_an_upload_that_discord_does_not_hand_out_is_asked_for_again(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.discord.cdn.life_s = -1.0
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await reply.until(says("could not be fetched from Discord"))
    assert await ledger(app) == []


@pytest.mark.usefixtures("app")
async def test_a_paid_cancel_that_comes_too_late_says_so_in_the_question(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.hold()
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo())
    asked = await ada.press(await reply.until(says("Being made")), "Cancel")
    question = await asked.until(lambda shown: bool(shown.buttons))
    stand_ins.tencent.release()
    await reply.until(has_pictures)
    await until_settled(app)
    pressed = await ada.press(question, "Cancel anyway")
    message = await pressed.until(says("too late"))
    assert message is question
    assert message.buttons == []
