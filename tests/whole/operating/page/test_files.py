"""The page's files and streams as a server gives them, and who leaves in the middle of one."""

import asyncio
import logging
import re
from importlib.resources import files
from typing import Any

import httpx
import pytest

from bot.cli.local_stack import StandIns
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
