"""The demo's page: what its form sends becomes commands of a member, answered with pictures."""

import re
import time
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sandbox.page.routes import Page
from bot.stage import StandIns, open_stand_ins, running_among
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
        page.open(stand_ins.discord, stand_ins.visitor("Ada"), _no_ledger)
        yield stand_ins
        stand_ins.discord.faults.check()
        stand_ins.tencent.faults.check()


async def _no_ledger() -> list[dict[str, Any]]:
    return []


async def test_every_command_of_the_page_is_answered_with_a_picture(played: StandIns) -> None:
    async with httpx.AsyncClient(base_url=played.discord.origin) as browser:
        for number, (command, taken) in enumerate(COMMANDS.items(), start=1):
            form = {"command": command, **FILLED}
            reply = await browser.post("/page/ask", data=form)
            assert (reply.status_code, command) == (200, command)
            await until(lambda number=number: len(_posted(played)) == number)  # type: ignore[misc]
            assert set(taken.split()) <= {"prompt", "image", "ratio"}
        state = (await browser.get("/page/state")).json()
    assert sum(len(message["pictures"]) for message in state["messages"]) == len(COMMANDS)
    assert {"imagine", "restyle", "tool refine", "tool outpaint"} < set(COMMANDS)


async def test_what_cannot_be_sent_is_told_to_whoever_fills_in_the_form(played: StandIns) -> None:
    started_at = time.monotonic()
    async with httpx.AsyncClient(base_url=played.discord.origin) as browser:
        reply = await browser.post("/page/ask", data={"command": "tool sketch"})
    assert (reply.status_code, reply.json()) == (400, {"error": "option 'prompt' is required"})
    assert time.monotonic() - started_at < 5


def _posted(stand_ins: StandIns) -> list[Any]:
    messages = stand_ins.discord.world.messages(stand_ins.channel)
    return [message for message in messages if message.attachments]
