"""Channel messages: permissions, nonces, histories, and the limits of what a message may hold."""

import json
from typing import Any

import aiohttp
import discord
import pytest

from bot.sandbox.discord_server import DiscordSandbox
from bot.sandbox.visitor import Visitor
from bot.sandbox.world import Channel
from tests.sandbox.conftest import Clock, Layout, LocalBot, Raw, file, picture

V2 = 1 << 15


def text_channel(bot: LocalBot, channel: Channel) -> discord.TextChannel:
    found = bot.get_channel(int(channel.id))
    assert isinstance(found, discord.TextChannel)
    return found


def display(text: str) -> dict[str, Any]:
    return {"type": 10, "content": text}


def row(*custom_ids: str) -> dict[str, Any]:
    made = [{"type": 2, "style": 1, "label": "Go", "custom_id": c} for c in custom_ids]
    return {"type": 1, "components": made}


def gallery(*urls: str, alt: str = "") -> dict[str, Any]:
    return {"type": 12, "items": [{"media": {"url": u}, "description": alt} for u in urls]}


def form(body: dict[str, Any], **files: bytes) -> aiohttp.FormData:
    data = aiohttp.FormData(quote_fields=False)
    data.add_field("payload_json", json.dumps(body), content_type="application/json")
    for index, (name, content) in enumerate(files.items()):
        data.add_field(f"files[{index}]", content, filename=f"{name}.png")
    return data


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
    bot: LocalBot, channel: Channel, ada: Visitor, raw: Raw
) -> None:
    place = f"/channels/{channel.id}/messages/{ada.say('mine').id}"
    status, body = await raw("PATCH", place, {"content": "yours"})
    assert (status, body["code"]) == (403, 50005)
    status, body = await raw("DELETE", place)
    assert (status, body["code"]) == (403, 50013)
    assert bot.is_ready() in (True, False)


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


BREACHES: dict[str, tuple[dict[str, Any], str]] = {
    "content in V2": ({"flags": V2, "content": "x", "components": [display("x")]}, "together"),
    "embed in V2": (
        {"flags": V2, "embeds": [{"title": "x"}], "components": [display("x")]},
        "together",
    ),
    "V2 without its flag": ({"components": [display("x")]}, "without the Components V2 flag"),
    "41 components": ({"flags": V2, "components": [display("x")] * 41}, "at most 40"),
    "long texts": ({"flags": V2, "components": [display("x" * 2001)] * 2}, "4002 characters"),
    "one id twice": ({"components": [row("a", "a")]}, "twice"),
    "long custom_id": ({"components": [row("a" * 101)]}, "1-100"),
    "six buttons": ({"components": [row(*"abcdef")]}, "1-5 buttons"),
    "six rows": ({"components": [row(c) for c in "abcdef"]}, "at most 5"),
    "missing file": ({"flags": V2, "components": [gallery("attachment://a.png")]}, "not among"),
    "long alt text": (
        {"flags": V2, "components": [gallery("https://x.test/a.png", alt="x" * 1025)]},
        "1024",
    ),
    "11 pictures": ({"flags": V2, "components": [gallery(*["https://x.test/a"] * 11)]}, "1-10"),
    "11 embeds": ({"embeds": [{"title": "x"}] * 11}, "at most 10"),
    "long content": ({"content": "x" * 2001}, "2000"),
    "long nonce": ({"content": "x", "nonce": "x" * 26}, "25"),
    "empty section": ({"flags": V2, "components": [{"type": 9, "components": []}]}, "section"),
    "lonely button": ({"components": [{"type": 1, "components": [{"type": 2}]}]}, "either"),
    "empty select": (
        {"components": [{"type": 1, "components": [{"type": 3, "custom_id": "s"}]}]},
        "1-25 options",
    ),
}


@pytest.mark.parametrize("name", BREACHES)
async def test_a_message_beyond_the_rules_is_refused_and_recorded(
    sandbox: DiscordSandbox, channel: Channel, raw: Raw, name: str
) -> None:
    sent, breach = BREACHES[name]
    status, body = await raw("POST", f"/channels/{channel.id}/messages", sent)
    assert (status, body["code"]) == (400, 50035)
    assert any(breach in fault for fault in sandbox.faults)
    assert sandbox.world.messages(channel) == []


async def test_an_empty_message_is_refused(channel: Channel, raw: Raw) -> None:
    status, body = await raw("POST", f"/channels/{channel.id}/messages", {"content": ""})
    assert (status, body["code"]) == (400, 50006)


async def test_the_version_2_flag_cannot_be_taken_back(
    sandbox: DiscordSandbox, channel: Channel, raw: Raw
) -> None:
    place = f"/channels/{channel.id}/messages"
    _, sent = await raw("POST", place, {"flags": V2, "components": [display("x")]})
    kept, _ = await raw("PATCH", f"{place}/{sent['id']}", {"components": [display("y")]})
    assert kept == 200
    sandbox.faults.check()
    status, _ = await raw("PATCH", f"{place}/{sent['id']}", {"flags": 0, "content": "x"})
    assert status == 400
    assert "cannot be removed" in sandbox.faults[0]


async def test_a_file_above_the_servers_limit_is_refused(
    sandbox: DiscordSandbox, channel: Channel, raw: Raw
) -> None:
    assert channel.guild is not None
    channel.guild.attachment_size_limit = 1000
    place = f"/channels/{channel.id}/messages"
    status, body = await raw("POST", place, data=form({}, a=b"x" * 1001))
    assert (status, body["code"]) == (413, 40005)
    assert "1001" in sandbox.faults[0]
    status, _ = await raw("POST", place, data=form({}, a=b"x" * 1000))
    assert status == 200


async def test_eleven_files_are_too_many(
    sandbox: DiscordSandbox, channel: Channel, raw: Raw
) -> None:
    files = {f"f{n}": b"x" for n in range(11)}
    status, _ = await raw("POST", f"/channels/{channel.id}/messages", data=form({}, **files))
    assert status == 400
    assert "11 attachments" in sandbox.faults[0]


async def test_an_attachment_that_no_component_shows_is_a_fault(
    sandbox: DiscordSandbox, channel: Channel, raw: Raw
) -> None:
    body = {"flags": V2, "components": [gallery("attachment://a.png")]}
    place = f"/channels/{channel.id}/messages"
    _, sent = await raw("POST", place, data=form(body, a=b"x"))
    sandbox.faults.check()
    shown = [gallery(sent["attachments"][0]["url"])]
    await raw("PATCH", f"{place}/{sent['id']}", {"components": shown})
    sandbox.faults.check()
    await raw("PATCH", f"{place}/{sent['id']}", {"components": [display("x")]})
    assert sandbox.faults == ["edit message: no component shows a.png"]


@pytest.mark.parametrize(
    ("allowed", "loose"),
    [
        (None, ["USER", "@everyone"]),
        ({"parse": ["users"]}, ["USER"]),
        ({"parse": []}, []),
        ({"parse": [], "users": ["USER"]}, []),
    ],
)
async def test_a_mention_that_would_ping_unasked_is_a_fault(
    sandbox: DiscordSandbox,
    channel: Channel,
    ada: Visitor,
    raw: Raw,
    allowed: dict[str, Any] | None,
    loose: list[str],
) -> None:
    text = f"{ada.user.mention} and @everyone"
    rules = json.loads(json.dumps(allowed).replace("USER", ada.user.id))
    sent: dict[str, Any] = {"content": text} | ({"allowed_mentions": rules} if rules else {})
    place = f"/channels/{channel.id}/messages"
    _, message = await raw("POST", place, sent)
    named = [ada.user.mention if m == "USER" else m for m in loose]
    assert sandbox.faults == [f"create message: would ping {m}" for m in named]
    pinged = allowed is None or allowed != {"parse": []}
    assert [u["id"] for u in message["mentions"]] == [ada.user.id] * pinged
    sandbox.faults.clear()
    await raw("PATCH", f"{place}/{message['id']}", sent)
    assert sandbox.faults == [f"edit message: would ping {m}" for m in named]
