"""Ask a moderator: of a refusal by review, once, and of few in an hour."""

import re
from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.world import Channel, Message
from tests.whole.conftest import Clock, Run, has_pictures, ledger, photo, says, until_settled
from tests.whole.moderating.log_channel import beside_lines, posted
from tests.whole.moderating.moderator import moderator, text_of

pytestmark = pytest.mark.usefixtures("no_lines")

ASK = "Ask a moderator"
TOLD = "The moderators were told, with your prompt."
NOT_YOURS = "You cannot ask about this: it is somebody else’s request"
ODD = "a ||cat|| \\|| @everyone <@1> https://evil.example `x` \\"


@pytest.fixture
def log(stand_ins: StandIns) -> Channel:
    return stand_ins.guild.add_channel("log")


@pytest.fixture
def ada(stand_ins: StandIns) -> Visitor:
    return stand_ins.visitor("Ada")


async def chosen(stand_ins: StandIns, log: Channel) -> None:
    await moderator(stand_ins).use("settings log", channel=log)


async def refused(
    stand_ins: StandIns, who: Visitor, prompt: str = "a cat", **options: object
) -> Message:
    """A request that the service’s review refuses."""
    stand_ins.tencent.script("ImageToImage", code="OperationDenied.TextIllegalDetected", times=1)
    reply: Reply = await who.restyle(photo(), engine="anime", prompt=prompt, **options)
    return await reply.until(lambda message: any(each.label == ASK for each in message.buttons))


def spoilers(text: str) -> int:
    """Count the signs that open or close a spoiler; a backslash takes the next sign's meaning."""
    return re.sub(r"\\.", "", text).count("||")


async def test_moderators_read_of_it_once_and_nothing_else_changes(
    app: App, stand_ins: StandIns, ada: Visitor, log: Channel
) -> None:
    await chosen(stand_ins, log)
    message = await refused(stand_ins, ada)
    [row] = await until_settled(app)
    assert (await text_of(await ada.press(message, ASK))).startswith(TOLD)
    [line] = posted(log)
    assert line.startswith(f"**<@{ada.user.id}> asks you to look at a refusal.**")
    assert row.job_id in line
    address = f"https://discord.com/channels/{stand_ins.guild.id}/{message.channel.id}/{message.id}"
    assert address in line
    assert "||a cat||" in line
    for _ in range(2):
        said = await text_of(await ada.press(message, ASK))
        assert said == "The moderators were told of this already."
    assert len(posted(log)) == 1
    assert await ledger(app) == [row]


async def test_a_prompt_stays_behind_its_spoiler_and_pings_nobody(
    app: App, stand_ins: StandIns, ada: Visitor, log: Channel
) -> None:
    await chosen(stand_ins, log)
    message = await refused(stand_ins, ada, ODD * 4)
    await text_of(await ada.press(message, ASK))
    await until_settled(app)
    [told] = beside_lines(log)
    assert spoilers(told.content) == 2
    assert "||a \\|\\|cat" in told.content
    assert "https://evil" not in told.content
    assert (told.mentions, told.mention_roles, told.mention_everyone) == ([], [], False)


async def test_only_who_was_refused_may_ask_also_after_a_restart(
    run: Run, stand_ins: StandIns, ada: Visitor, log: Channel
) -> None:
    async with run() as app:
        await chosen(stand_ins, log)
        message = await refused(stand_ins, ada)
        await until_settled(app)
    async with run() as app:
        for who in (stand_ins.visitor("Bob"), moderator(stand_ins)):
            assert (await text_of(await who.press(message, ASK))).startswith(NOT_YOURS)
        assert posted(log) == []
        assert (await text_of(await ada.press(message, ASK))).startswith(TOLD)
        assert len(posted(log)) == 1
    async with run() as app:
        assert "already" in await text_of(await ada.press(message, ASK))


async def test_a_forged_id_asks_about_nothing(
    app: App, stand_ins: StandIns, ada: Visitor, log: Channel
) -> None:
    await chosen(stand_ins, log)
    message = await refused(stand_ins, ada)
    [row] = await until_settled(app)
    reply = await ada.restyle(photo(), engine="anime")
    await reply.until(has_pictures)
    made = next(each.job_id for each in await ledger(app) if each.state != "refused")
    said = []
    for forged in ("0000000000000", made):
        rename(message, row.job_id, forged)
        said.append(await text_of(await ada.press(message, ASK)))
        rename(message, forged, row.job_id)
    assert said[0] == said[1]
    assert said[0].startswith(NOT_YOURS)
    assert posted(log) == []


def rename(message: Message, job_id: str, forged: str) -> None:
    """Let the message's button name another job, as a forged one would."""
    for row in message.components[0]["components"]:
        for part in row.get("components", ()):
            part["custom_id"] = part["custom_id"].replace(job_id, forged)


async def test_a_member_asks_only_so_often_in_an_hour(
    app: App, stand_ins: StandIns, ada: Visitor, log: Channel, clock: Clock
) -> None:
    await chosen(stand_ins, log)
    messages = []
    for count in range(1, 7):
        clock.skipped += 3601 if count == 5 else 0  # five refusals in an hour pause a member
        messages.append(await refused(stand_ins, ada))
        await until_settled(app, count)
    for message in messages[:5]:
        assert (await text_of(await ada.press(message, ASK))).startswith(TOLD)
    said = await text_of(await ada.press(messages[5], ASK))
    assert said.startswith("You have told the moderators of 5 things within an hour")
    clock.skipped += 3601
    assert (await text_of(await ada.press(messages[5], ASK))).startswith(TOLD)
    assert len(posted(log)) == 6


async def test_without_a_log_channel_nobody_is_told_and_the_member_reads_so(
    app: App, stand_ins: StandIns, ada: Visitor, log: Channel
) -> None:
    message = await refused(stand_ins, ada)
    await until_settled(app)
    said = await text_of(await ada.press(message, ASK))
    assert said.startswith("This server’s moderators have not chosen a channel for such messages")
    await chosen(stand_ins, log)
    assert (await text_of(await ada.press(message, ASK))).startswith(TOLD)


@pytest.mark.parametrize("is_closed", [True, False])
async def test_what_could_not_be_posted_may_be_told_again(
    app: App, stand_ins: StandIns, ada: Visitor, log: Channel, *, is_closed: bool
) -> None:
    await chosen(stand_ins, log)
    message = await refused(stand_ins, ada)
    await until_settled(app)
    if is_closed:
        log.revoke("SEND_MESSAGES")
    else:
        stand_ins.discord.script("POST", f"/channels/{log.id}/messages", status=503)
    said = await text_of(await ada.press(message, ASK))
    assert said.startswith("The moderators’ channel could not be written to")
    assert posted(log) == []
    log.grant("SEND_MESSAGES")
    assert (await text_of(await ada.press(message, ASK))).startswith(TOLD)
    assert len(posted(log)) == 1


async def test_a_private_request_has_no_address_to_open(
    app: App, stand_ins: StandIns, ada: Visitor, log: Channel
) -> None:
    await chosen(stand_ins, log)
    message = await refused(stand_ins, ada, private=True)
    await until_settled(app)
    await text_of(await ada.press(message, ASK))
    [line] = posted(log)
    assert "discord.com" not in line
    assert "||a cat||" in line


async def test_there_is_nobody_to_ask_in_direct_messages(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[access]\ndirect_messages = true\n")
    async with run() as app:
        ada = stand_ins.discord.visitor("Ada", None)
        stand_ins.tencent.script("ImageToImage", code="OperationDenied.TextIllegalDetected")
        reply = await ada.restyle(photo(), engine="anime")
        message = await reply.until(says("review refused"))
        assert [each.label for each in message.buttons] == []
        await until_settled(app)
