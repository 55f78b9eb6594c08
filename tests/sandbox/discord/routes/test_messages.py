"""Channel messages: permissions, nonces, histories, and the limits of what a message may hold."""

from typing import Any

import discord
import pytest

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.world import Channel
from tests.sandbox.discord.conftest import Clock, Layout, LocalBot, Raw, file, picture


def text_channel(bot: LocalBot, channel: Channel) -> discord.TextChannel:
    found = bot.get_channel(int(channel.id))
    assert isinstance(found, discord.TextChannel)
    return found


async def test_a_bot_writes_edits_reads_and_deletes(
    sandbox: DiscordSandbox, bot: LocalBot, channel: Channel
) -> None:
    place = text_channel(bot, channel)
    sent = await place.send(view=Layout("one", "a.png"), file=file("a.png"))
    assert sent.flags.components_v2
    (stored,) = sandbox.world.messages(channel)
    assert (stored.id, stored.text) == (str(sent.id), "one")
    view = Layout("two", "a.png", "b.png")
    edited = await sent.edit(view=view, attachments=[*sent.attachments, file("b.png")])
    assert [a.filename for a in edited.attachments] == ["a.png", "b.png"]
    fetched = await place.fetch_message(sent.id)
    assert await fetched.attachments[1].read() == picture()
    await fetched.edit(view=Layout("three"), attachments=[])
    assert stored.attachments == []
    assert stored.edited_at is not None
    await fetched.delete()
    assert sandbox.world.messages(channel) == []
    sandbox.faults.check()


async def test_a_request_is_recorded_as_it_was_sent(
    sandbox: DiscordSandbox, bot: LocalBot, channel: Channel
) -> None:
    await text_channel(bot, channel).send(view=Layout("one", "a.png"), file=file("a.png"))
    sent = sandbox.exchanges[-1]
    assert (sent.call.method, sent.status, list(sent.call.files)) == ("POST", 200, [0])
    assert "id" not in sent.call.body["components"][0]
    assert sent.response["components"][0]["id"] == 1


async def test_histories_page_before_after_and_around(
    sandbox: DiscordSandbox, bot: LocalBot, channel: Channel, ada: Visitor
) -> None:
    place = text_channel(bot, channel)
    for number in range(6):
        ada.say(str(number))
    ids = [discord.Object(int(m.id)) for m in sandbox.world.messages(channel)]

    async def texts(**query: Any) -> list[str]:
        return [m.content async for m in place.history(**query)]

    assert await texts() == ["5", "4", "3", "2", "1", "0"]
    assert await texts(limit=2) == ["5", "4"]
    assert await texts(limit=2, before=ids[3]) == ["2", "1"]
    assert await texts(limit=2, after=ids[3]) == ["4", "5"]
    assert await texts(limit=3, around=ids[3]) == ["4", "3", "2"]
    sandbox.faults.check()


async def test_a_repeated_nonce_gives_the_first_message_for_five_minutes(
    sandbox: DiscordSandbox, bot: LocalBot, channel: Channel, clock: Clock
) -> None:
    place = text_channel(bot, channel)
    first = await place.send("one", nonce="job-7")
    second = await place.send("two", nonce="job-7")
    assert (second.id, second.content) == (first.id, "one")
    clock.skipped += 301
    third = await place.send("three", nonce="job-7")
    assert third.id != first.id
    assert len(sandbox.world.messages(channel)) == 2
    sandbox.faults.check()


async def test_a_bot_forwards_what_it_can_read_and_its_files_come_along(
    sandbox: DiscordSandbox, bot: LocalBot, channel: Channel
) -> None:
    place = text_channel(bot, channel)
    sent = await place.send("look", file=file("a.png"))
    copy = await sent.forward(place)
    [snapshot] = copy.message_snapshots
    assert (snapshot.content, snapshot.attachments[0].filename) == ("look", "a.png")
    assert await snapshot.attachments[0].read() == picture()
    await sent.delete()
    with pytest.raises(discord.HTTPException):
        await sent.forward(place)
    sandbox.faults.check()


async def test_a_reply_refers_to_its_message_and_pings_only_by_name(
    sandbox: DiscordSandbox, bot: LocalBot, channel: Channel, ada: Visitor
) -> None:
    place = text_channel(bot, channel)
    asked = await place.fetch_message(int(ada.say("please").id))
    allowed = discord.AllowedMentions(everyone=False, roles=False, users=[asked.author])
    sent = await asked.reply(f"for {ada.user.mention}", allowed_mentions=allowed)
    assert sent.reference is not None
    stored = sandbox.world.messages(channel)[-1]
    assert stored.reference is not None
    assert (stored.reference.text, stored.mentions) == ("please", [ada.user.id])
    sandbox.world.delete(stored.reference)
    again = await place.fetch_message(sent.id)
    assert again.reference is not None
    assert isinstance(again.reference.resolved, discord.DeletedReferencedMessage)
    quiet = await place.send(f"of {ada.user.mention}")
    assert quiet.mentions == []
    gone = discord.MessageReference(message_id=1, channel_id=int(channel.id))
    with pytest.raises(discord.HTTPException) as unknown:
        await place.send("x", reference=gone)
    assert unknown.value.code == 50035
    gone.fail_if_not_exists = False
    assert (await place.send("x", reference=gone)).reference is None
    sandbox.faults.check()


@pytest.mark.parametrize("name", ["VIEW_CHANNEL", "SEND_MESSAGES", "ATTACH_FILES"])
async def test_a_revoked_permission_forbids_sending(
    sandbox: DiscordSandbox, bot: LocalBot, channel: Channel, name: str
) -> None:
    channel.revoke(name)
    with pytest.raises(discord.Forbidden) as forbidden:
        await text_channel(bot, channel).send("x", file=file("a.png"))
    assert forbidden.value.code == (50001 if name == "VIEW_CHANNEL" else 50013)
    channel.grant(name)
    await text_channel(bot, channel).send("x", file=file("a.png"))
    sandbox.faults.check()


async def test_without_history_the_list_is_empty_and_a_reply_impossible(
    bot: LocalBot, channel: Channel, ada: Visitor
) -> None:
    place = text_channel(bot, channel)
    asked = await place.fetch_message(int(ada.say("please").id))
    channel.revoke("READ_MESSAGE_HISTORY")
    assert [m async for m in place.history()] == []
    with pytest.raises(discord.Forbidden):
        await place.fetch_message(asked.id)
    with pytest.raises(discord.HTTPException) as refused:
        await asked.reply("x")
    assert refused.value.code == 160002


async def test_anothers_message_is_neither_edited_nor_deleted(
    channel: Channel, ada: Visitor, raw: Raw
) -> None:
    place = f"/channels/{channel.id}/messages/{ada.say('mine').id}"
    status, body = await raw("PATCH", place, {"content": "yours"})
    assert (status, body["code"]) == (403, 50005)
    status, body = await raw("DELETE", place)
    assert (status, body["code"]) == (403, 50013)


async def test_a_deleted_channel_is_unknown(
    bot: LocalBot, channel: Channel, sandbox: DiscordSandbox
) -> None:
    place = text_channel(bot, channel)
    channel.delete()
    with pytest.raises(discord.NotFound) as unknown:
        await place.send("x")
    assert unknown.value.code == 10003
    sandbox.faults.check()


async def test_a_direct_message_arrives_unless_the_member_closed_them(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    user = await bot.fetch_user(int(ada.user.id))
    await user.send("your picture", file=file("a.png"))
    (message,) = sandbox.world.direct_messages(ada.member)
    assert (message.text, len(message.attachments)) == ("your picture", 1)
    ada.member.closes_dms()
    with pytest.raises(discord.Forbidden) as closed:
        await user.send("again")
    assert closed.value.code == 50007
    sandbox.faults.check()
