"""The page's files and streams as a server gives them, and who leaves in the middle of one."""

import asyncio
import logging
import re
from importlib.resources import files
from typing import Any

import httpx
import pytest

from bot.cli.local_stack import StandIns
from bot.sandbox.discord.world import payloads
from tests.whole.operating.page.conftest import Browser

CLIENT = files("bot.sandbox.page").joinpath("client")
TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}


async def test_the_page_and_its_files_come_with_their_types_and_are_asked_for_anew(
    http: httpx.AsyncClient,
) -> None:
    index = await http.get("/")
    assert index.headers["content-type"].startswith("text/html")
    names = [file.name for file in CLIENT.iterdir()]
    for name in names:
        answer = await http.get(f"/page/client/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["content-type"].startswith(TYPES[name.rpartition(".")[2]])
        assert answer.headers["cache-control"] == "no-cache"


async def test_the_favicon_is_there_under_both_of_its_names(http: httpx.AsyncClient) -> None:
    for end in ("svg", "ico"):
        answer = await http.get(f"/favicon.{end}")
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (
            200,
            "image/svg+xml",
        )


async def test_nothing_outside_of_the_pages_folder_is_served(http: httpx.AsyncClient) -> None:
    for name in ("..%2froutes.py", "..%2Findex.html", "none.js", "%2e%2e", "__init__.py"):
        assert (await http.get(f"/page/client/{name}")).status_code in {400, 404}, name
    for name in ("..%2froutes.py", "dog.jpg"):
        assert (await http.get(f"/page/photos/{name}")).status_code in {400, 404}, name


async def test_the_page_names_no_address_outside(http: httpx.AsyncClient) -> None:
    texts = [(await http.get("/")).text]
    texts += [file.read_text("utf-8") for file in CLIENT.iterdir()]
    for text in texts:
        loaded = re.findall(r"""(?:src|href|url|import|from)\s*[=(]?\s*["']?(https?:)?//""", text)
        assert loaded == []


async def test_the_servers_emoji_are_pictures_and_no_other_is_there(
    ada: Browser, stand_ins: StandIns
) -> None:
    emojis = [one for guild in (await ada.get("/page/scene"))["guilds"] for one in guild["emojis"]]
    assert {one["name"] for one in emojis} == {"easel", "brush", "lighthouse"}
    for one in emojis:
        answer = await ada.http.get(f"/emojis/{one['id']}.webp")
        assert answer.headers["content-type"] == "image/webp"
        assert answer.content[8:12] == b"WEBP"
    assert (await ada.http.get("/emojis/1.webp")).status_code == 404
    told = payloads.guild(stand_ins.guild)["emojis"]
    assert [one["id"] for one in told] == [one["id"] for one in emojis]


async def leave_in_the_middle(stand_ins: StandIns, request: str, body: bytes = b"") -> None:
    """Ask for something, read the first byte of the answer unless sending, and cut the line."""
    port = int(stand_ins.discord.origin.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{request} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode())
    writer.write(body or b"\r\n")
    await writer.drain()
    if not body:
        await reader.read(1)
    writer.transport.abort()


async def test_a_tab_that_is_closed_leaves_no_word_in_the_log(
    ada: Browser, stand_ins: StandIns, caplog: pytest.LogCaptureFixture
) -> None:
    half = b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9999\r\n\r\n--x\r\n"
    with caplog.at_level(logging.INFO, "aiohttp.server"):
        await leave_in_the_middle(stand_ins, "POST /page/act", half)
        for page in ("/page/live", "/page/scene", "/"):
            await leave_in_the_middle(stand_ins, f"GET {page}")
        await ada.act("say", text="hello")
        assert await ada.messages()
    assert [record.getMessage() for record in caplog.records] == []


async def test_a_fault_of_the_page_is_still_logged(
    ada: Browser, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ConnectionResetError

    monkeypatch.setattr("bot.sandbox.discord.visitor.Visitor.say", broken)
    with caplog.at_level(logging.INFO, "aiohttp.server"):
        assert (await ada.post("say", text="hello")).status_code == 500
    assert [record.getMessage() for record in caplog.records] == [
        "Error handling request from 127.0.0.1"
    ]


async def test_without_a_bot_words_are_written_and_acts_are_refused_with_why(ada: Browser) -> None:
    await ada.act("say", text="hello")
    assert (await ada.refused("command", command="jobs", options={})) == (
        "Easel is starting; try again in a moment."
    )
    assert (await ada.get("/page/scene"))["bot"]["state"] == "starting"


async def test_a_long_history_is_read_page_by_page(ada: Browser) -> None:
    for number in range(7):
        await ada.act("say", text=f"word {number}")
    newest = await ada.get("/page/messages", limit=3)
    assert newest["more"]
    older = await ada.get("/page/messages", limit=4, before=newest["messages"][0]["id"])
    assert not older["more"]
    words = [m["content"] for m in older["messages"] + newest["messages"]]
    assert words == [f"word {number}" for number in range(7)]


async def test_what_somebody_uploaded_never_acts_as_a_part_of_the_page(ada: Browser) -> None:
    await ada.act("say", ("evil.html", b"<script>alert(1)</script>"), text="look", files=[0])
    [link] = [each["url"] for each in (await ada.messages())[-1]["attachments"]]
    headers = (await ada.http.get(link)).headers
    assert headers["content-security-policy"] == "sandbox"
    assert headers["x-content-type-options"] == "nosniff"


async def test_another_page_that_is_open_turns_and_sends_nothing(ada: Browser) -> None:
    for site, status in (("cross-site", 400), ("same-site", 400), ("same-origin", 200)):
        ada.http.headers["Sec-Fetch-Site"] = site
        turned = await ada.http.post("/page/knobs", json={"id": "seconds", "value": 3})
        said = await ada.post("say", text="hello")
        assert (turned.status_code, said.status_code) == (status, status), site
    assert len(await ada.messages()) == 1


async def test_what_is_no_act_is_refused_with_a_sentence(ada: Browser) -> None:
    deep = "[" * 100_000
    for act in ("", "{", "[]", "null", deep, '{"act": "say", "text": "\\ud83d"}'):
        answer = await ada.http.post("/page/act", files=[("act", (None, act))])
        assert (answer.status_code, answer.json()) == (
            400,
            {"error": "The field act holds one JSON object."},
        ), act[:40]
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "text/plain"):
        headers = {"Content-Type": kind}
        answer = await ada.http.post("/page/act", content=b"no form", headers=headers)
        assert answer.status_code == 400, kind
    answer = await ada.http.post("/page/knobs", content=deep.encode())
    assert answer.status_code == 400
    asked = {"as": ada.who, "channel": ada.channel, "before": "9" * 5000}
    assert (await ada.http.get("/page/messages", params=asked)).status_code == 400
