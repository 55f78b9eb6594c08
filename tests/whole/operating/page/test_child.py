"""The demo as a process with the bot as its child: killed, ended by itself, started, and left."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.cli.demo.play import open_demo
from bot.sandbox.discord.world.message import EPHEMERAL
from tests.whole.operating.page.conftest import JSON, Browser, browsers, has_pictures
from tests.whole.process import TIMEOUT_S, started

NEVER_S = 1e6
IMAGINE: JSON = {"command": "imagine", "options": {"prompt": "a boat"}}


@asynccontextmanager
async def demo(
    folder: Path, *, restart_s: float = NEVER_S, is_prepared: bool = False
) -> AsyncIterator[dict[str, Browser]]:
    """Run the demo and give a browser to each of its people once the bot is there."""
    async with (
        open_demo(folder, restart_s=restart_s, is_prepared=is_prepared) as stage,
        httpx.AsyncClient(base_url=stage.discord.origin, timeout=30) as http,
    ):
        people = browsers(stage, http)
        await until_it_is(people["Ada"], "up")
        yield people


async def until_it_is(ada: Browser, state: str) -> JSON:
    """How the bot is, once it is in this state and knows its commands."""
    async with asyncio.timeout(TIMEOUT_S):
        while True:
            shown: JSON = (await ada.get("/page/scene"))["bot"]
            if shown["state"] == state and (state != "up" or await ada.get("/page/commands")):
                return shown
            await asyncio.sleep(0.05)


async def until_logged(ada: Browser, event: str) -> JSON:
    async with asyncio.timeout(TIMEOUT_S):
        while True:
            for line in (await ada.get("/page/behind", parts="log"))["log"]:
                if line["event"] == event:
                    return dict(line)
            await asyncio.sleep(0.05)


async def test_a_bot_that_is_killed_in_the_middle_delivers_after_its_start_and_pays_once(
    tmp_path: Path,
) -> None:
    async with demo(tmp_path) as people:
        ada = people["Ada"]
        await ada.turn("places", value=True)
        async with ada.listening() as ear:
            await ada.act("command", **IMAGINE)
            await ada.until_counted(accepted=1, at_work=1)
            assert await ada.turn("kill") == "The bot was killed with SIGKILL."
            gone = await ear.until(lambda e: e["kind"] == "bot" and e["state"] == "stopped")
            assert "SIGKILL" in gone["why"]
            refused = await ada.refused("command", **IMAGINE)
            assert refused.startswith("Easel is not running. It was killed with SIGKILL")
            assert (await ada.counter())["lost"] == 0
            await ada.turn("places", value=False)
            await ada.turn("start")
            await ear.until(has_pictures)
        counted = await ada.until_counted(accepted=1, ended=1)
        assert (counted["lost"], counted["posted_twice"], counted["paid_twice"]) == (0, 0, 0)
        line = await until_logged(ada, "job_done")
        assert line["fields"]["pictures"] == 1
        assert line["at"].startswith("20")


async def test_a_demo_that_stops_says_so(tmp_path: Path) -> None:
    async def is_stopping(ada: Browser) -> JSON:
        async with ada.listening() as ear:
            told = await ear.until(lambda e: e["kind"] == "bot" and e["state"] == "stopping")
            assert (await ada.refused("command", **IMAGINE)).startswith("Easel is stopping.")
            return told

    async with httpx.AsyncClient(timeout=30) as http:
        async with open_demo(tmp_path, is_prepared=False) as stage:
            http.base_url = httpx.URL(stage.discord.origin)
            ada = browsers(stage, http)["Ada"]
            await until_it_is(ada, "up")
            hearing = asyncio.create_task(is_stopping(ada))
            await stage.discord.world.until(lambda: stage.has_visitor)
        assert (await hearing)["why"] == "The demo ends once the bot has ended its work."


async def test_a_bot_that_was_killed_comes_back_by_itself(tmp_path: Path) -> None:
    async with demo(tmp_path, restart_s=0.1) as people:
        ada = people["Ada"]
        async with ada.listening() as ear:
            await ada.turn("kill")
            await ear.until(lambda e: e["kind"] == "bot" and e["state"] == "stopped")
            await ear.until(lambda e: e["kind"] == "bot" and e["state"] == "up")


async def test_a_bot_that_ends_by_itself_says_why_and_stays_away_until_it_is_started(
    tmp_path: Path,
) -> None:
    async with demo(tmp_path, restart_s=0.0) as people:
        ada = people["Ada"]
        async with ada.listening() as ear:
            await ada.turn("close")
            gone = await ear.until(lambda e: e["kind"] == "bot" and e["state"] == "stopped")
        assert "4011" in gone["why"]
        assert (await ada.get("/page/scene"))["bot"]["why"] == gone["why"]
        assert await ada.turn("start") == "The bot starts."
        await until_it_is(ada, "up")


async def test_the_clock_is_moved_for_the_child_too_and_for_the_one_after_it(
    tmp_path: Path,
) -> None:
    async with demo(tmp_path) as people:
        ada = people["Ada"]
        await ada.turn("day")
        for _ in range(2):
            before = await ada.counter()
            async with ada.listening() as ear:
                await ada.turn("seconds", 0)
                await ada.act("command", **IMAGINE)
                await ear.until(has_pictures)
            await ada.until_counted(ended=before["ended"] + 1)
            shown = await ada.get("/page/behind")
            row, call = shown["ledger"][0], shown["tencent"][0]
            # Finished by the bot's clock at a time that the stand-in's clock has, too.
            assert row["finished_at"][:10] == _day(call["at"])
            await ada.turn("kill")
            await ada.turn("start")
            await until_it_is(ada, "up")


def _day(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


async def test_a_visitor_arrives_among_pictures_and_a_queue_in_motion(tmp_path: Path) -> None:
    async with demo(tmp_path, is_prepared=True) as people:
        ada = people["Ada"]
        await ada.until_counted(accepted=5, ended=4, at_work=0, waiting=1, lost=0)  # one is held
        async with ada.listening():
            await ada.until_counted(accepted=9, at_work=2, waiting=3, lost=0)
        messages = _seen_by_all(await ada.messages())
        assert _pictures(messages)[:4] == [
            (None, 1), ("restyle", 1), ("imagine", 1), ("imagine", 4),
        ]  # fmt: skip
        # Ada's waits; below it are a photo and the job that redraws it.
        assert [each["command"] for each in messages[5:]] == ["imagine", None, "restyle"]
        scene = await ada.get("/page/scene")
        assert scene["line"].startswith("No AI here")
        assert [(one["username"], one["kind"]) for one in scene["people"]] == [
            ("Ada", "member"), ("Bo", "member"), ("Mira", "moderator"),
            ("Nino", "member"), ("Sol", "stranger"),
        ]  # fmt: skip
        for example in scene["examples"]:
            assert example["command"] in {c["name"] for c in await ada.get("/page/commands")}
        await ada.turn("seconds", 0)
        counted = await ada.until_counted(ended=8)
        restyled = _pictures(_seen_by_all(await ada.messages()))[4]
        assert restyled == ("restyle", 1)  # made beside the queue
        assert (counted["lost"], counted["posted_twice"], counted["paid_twice"]) == (0, 0, 0)
        assert counted["cost_usd"] > 0


def _seen_by_all(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages without those that only who asked can see."""
    return [each for each in messages if not each["flags"] & EPHEMERAL]


def _pictures(messages: list[dict[str, Any]]) -> list[tuple[str | None, int]]:
    """Which command each message answers, and how many pictures it has."""
    return [(each["command"], len(each["attachments"])) for each in messages]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_however_the_demo_ends_its_bot_ends_with_it(
    tmp_path: Path, how: signal.Signals
) -> None:
    async with started(tmp_path, {}, "demo", "--port", "0") as process:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), TIMEOUT_S)).decode()
        origin = re.search(r"http://[\d.]+:\d+", line)
        assert origin, line
        async with httpx.AsyncClient(base_url=origin[0], timeout=30) as http:
            scene = (await http.get("/page/scene")).json()
            ada = Browser(http, scene["people"][0]["id"], scene["home"])
            await until_it_is(ada, "up")
        [bot] = _children(process.pid)
        process.send_signal(how)
        reading = asyncio.create_task(process.communicate())
        await asyncio.wait_for(process.wait(), TIMEOUT_S)
        async with asyncio.timeout(TIMEOUT_S):
            while _is_running(bot):
                await asyncio.sleep(0.05)
        out, err = await reading
    assert process.returncode == (-how if how is signal.SIGKILL else 0), (out, err)
    assert b"Traceback" not in out + err


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    if not found.exists():
        pytest.skip("this system does not tell whose child a process is")
    return [int(each) for each in found.read_text().split()]


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
