"""The demo's page: what its form sends becomes commands of a member, answered with pictures."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.cli.local_stack import StandIns, open_stand_ins, running_among
from bot.sandbox.page.routes import Page
from tests.whole.conftest import cat, until

HTML = files("bot.sandbox.page").joinpath("index.html").read_text("utf-8")
COMMANDS = dict(re.findall(r'<option value="([^"]+)" data-takes="([^"]*)">', HTML))
FILLED = {"prompt": "a boat", "ratio": "16:9"}


@pytest.fixture
async def played(tmp_path: Path) -> AsyncIterator[StandIns]:
    page = Page(photo=cat())
    async with (
        open_stand_ins(routes=page.add_to) as stand_ins,
        running_among(stand_ins, tmp_path),
    ):
        ada = stand_ins.visitor("Ada")
        stand_ins.guild.add_member(ada.user, permissions=["MANAGE_GUILD"])
        page.open(stand_ins.discord, ada, _no_ledger)
        yield stand_ins
        stand_ins.discord.faults.check()
        stand_ins.tencent.faults.check()


async def _no_ledger() -> list[dict[str, Any]]:
    return []


async def test_every_command_of_the_page_that_takes_something_is_answered_with_a_picture(
    played: StandIns,
) -> None:
    drawing = {command: taken for command, taken in COMMANDS.items() if taken}
    async with httpx.AsyncClient(base_url=played.discord.origin) as browser:
        for number, (command, taken) in enumerate(drawing.items(), start=1):
            form = {"command": command, **FILLED}
            reply = await browser.post("/page/ask", data=form)
            assert (reply.status_code, command) == (200, command)
            await until(lambda number=number: len(_posted(played)) == number)  # type: ignore[misc]
            assert set(taken.split()) <= {"prompt", "image", "ratio"}
        state = (await browser.get("/page/state")).json()
    assert sum(len(message["pictures"]) for message in state["messages"]) == len(drawing)
    assert {"imagine", "restyle", "tool refine", "tool outpaint"} < set(drawing)


@pytest.mark.parametrize("command", [name for name, taken in COMMANDS.items() if not taken])
async def test_a_command_of_the_page_that_takes_nothing_is_answered_in_words(
    played: StandIns, command: str
) -> None:
    async with httpx.AsyncClient(base_url=played.discord.origin) as browser:
        reply = await browser.post("/page/ask", data={"command": command})
        assert (reply.status_code, command) == (200, command)
        await until(lambda: any(m.text for m in _all(played)))
        [message] = (await browser.get("/page/state")).json()["messages"]
    assert message["ephemeral"]
    assert "Something went wrong" not in message["text"]


async def test_a_button_of_the_page_is_pressed_as_its_member_would(played: StandIns) -> None:
    async with httpx.AsyncClient(base_url=played.discord.origin) as browser:
        await browser.post("/page/ask", data={"command": "imagine", "prompt": "a boat"})
        await until(lambda: len(_posted(played)) == 1)
        [message] = (await browser.get("/page/state")).json()["messages"]
        [again] = message["buttons"]
        assert again["label"] == "Again"
        pressed = {"message": message["id"], "button": again["id"]}
        assert (await browser.post("/page/press", data=pressed)).status_code == 200
        await until(lambda: len(_posted(played)) == 2)
        gone = await browser.post("/page/press", data={"message": "1", "button": again["id"]})
    assert (gone.status_code, gone.json()) == (400, {"error": "the message is gone"})


async def test_what_cannot_be_sent_is_told_to_whoever_fills_in_the_form(played: StandIns) -> None:
    async with httpx.AsyncClient(base_url=played.discord.origin) as browser:
        reply = await browser.post("/page/ask", data={"command": "tool sketch"})
    assert (reply.status_code, reply.json()) == (400, {"error": "option 'prompt' is required"})


def _all(stand_ins: StandIns) -> list[Any]:
    return list(stand_ins.discord.world.messages(stand_ins.channel))


def _posted(stand_ins: StandIns) -> list[Any]:
    return [message for message in _all(stand_ins) if message.attachments]


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
    played: StandIns, caplog: pytest.LogCaptureFixture
) -> None:
    half = b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9999\r\n\r\n--x\r\n"
    with caplog.at_level(logging.INFO, "aiohttp.server"):
        await leave_in_the_middle(played, "POST /page/ask", half)
        for page in ("/page/changes", "/page/state", "/"):
            await leave_in_the_middle(played, f"GET {page}")
        async with httpx.AsyncClient(base_url=played.discord.origin) as browser:
            await browser.post("/page/ask", data={"command": "imagine", "prompt": "a boat"})
            await until(lambda: len(_posted(played)) == 1)
            assert (await browser.get("/page/state")).status_code == 200
    assert [record.getMessage() for record in caplog.records] == []


async def test_a_fault_of_the_page_is_still_logged(
    played: StandIns, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: Any) -> None:
        raise ConnectionResetError

    monkeypatch.setattr("bot.sandbox.discord.visitor.Visitor.use", broken)
    with caplog.at_level(logging.INFO, "aiohttp.server"):
        async with httpx.AsyncClient(base_url=played.discord.origin) as browser:
            reply = await browser.post("/page/ask", data={"command": "jobs"})
    assert reply.status_code == 500
    assert [record.getMessage() for record in caplog.records] == [
        "Error handling request from 127.0.0.1"
    ]
