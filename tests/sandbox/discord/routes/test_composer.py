"""What a message may hold: what Discord refuses, and what it would show or ping wrongly."""

import json
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.world import Channel
from tests.sandbox.discord.conftest import Raw

V2 = 1 << 15


def display(text: str) -> dict[str, Any]:
    return {"type": 10, "content": text}


def row(*custom_ids: str) -> dict[str, Any]:
    made = [{"type": 2, "style": 1, "label": "Go", "custom_id": c} for c in custom_ids]
    return {"type": 1, "components": made}


def gallery(*urls: str, alt: str = "a picture") -> dict[str, Any]:
    return {"type": 12, "items": [{"media": {"url": u}, "description": alt} for u in urls]}


def form(body: dict[str, Any], **files: bytes) -> aiohttp.FormData:
    data = aiohttp.FormData(quote_fields=False)
    data.add_field("payload_json", json.dumps(body), content_type="application/json")
    for index, (name, content) in enumerate(files.items()):
        data.add_field(f"files[{index}]", BytesIO(content), filename=f"{name}.png")
    return data


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


async def test_a_malformed_body_is_a_fault_not_a_crash(
    sandbox: DiscordSandbox, channel: Channel, raw: Raw
) -> None:
    place = f"/channels/{channel.id}/messages"
    status, body = await raw("POST", place, {"content": "x", "components": [{"typ": 1}]})
    assert (status, body["code"]) == (400, 50035)
    assert "KeyError" in sandbox.faults[0]
    assert (await raw("GET", f"{place}?limit=many"))[0] == 400
    assert (await raw("GET", f"{place}?limit=101"))[0] == 400


async def test_an_attachment_that_is_not_there_is_a_fault(
    sandbox: DiscordSandbox, channel: Channel, raw: Raw
) -> None:
    body = {"content": "x", "attachments": [{"id": 0, "filename": "a.png"}]}
    await raw("POST", f"/channels/{channel.id}/messages", body)
    assert sandbox.faults == ["create message: attachment 0 is neither kept nor sent"]


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


async def test_all_files_of_a_request_together_have_a_limit_too(
    sandbox: DiscordSandbox, channel: Channel, raw: Raw
) -> None:
    nine = b"x" * (9 << 20)
    files = {"a": nine, "b": nine, "c": nine}
    status, body = await raw("POST", f"/channels/{channel.id}/messages", data=form({}, **files))
    assert (status, body["code"]) == (413, 40005)
    assert len(sandbox.faults) == 1


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
