"""The demo's page over HTTP, as a browser uses it, with the bot in this process."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.cli.local_stack import StandIns, open_stand_ins, running_among
from bot.sandbox.page.routes import Page
from bot.sandbox.page.scene import set_up
from bot.sandbox.page.stage import BotState, Stage

JSON = dict[str, Any]


class Browser:
    """A browser that is one of the people, in a channel of theirs."""

    def __init__(self, http: httpx.AsyncClient, who: str, channel: str) -> None:
        self.http = http
        self.who = who
        self.channel = channel

    async def post(self, act: str, *files: tuple[str, bytes], **more: Any) -> httpx.Response:
        asked = {"act": act, "as": self.who, "channel": self.channel, **more}
        parts: list[tuple[str, Any]] = [("act", (None, json.dumps(asked)))]
        parts += [(f"file{number}", file) for number, file in enumerate(files)]
        return await self.http.post("/page/act", files=parts)

    async def act(self, act: str, *files: tuple[str, bytes], **more: Any) -> JSON:
        answer = await self.post(act, *files, **more)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def refused(self, act: str, *files: tuple[str, bytes], **more: Any) -> str:
        answer = await self.post(act, *files, **more)
        assert answer.status_code == 400, answer.text
        return str(answer.json()["error"])

    async def get(self, path: str, **query: Any) -> Any:
        asked = {"as": self.who, "channel": self.channel, **query}
        answer = await self.http.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def messages(self, **query: Any) -> list[JSON]:
        return list((await self.get("/page/messages", **query))["messages"])

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Ear"]:
        """Hear what happens, for the length of the block."""
        url, asked = "/page/live", {"as": self.who}
        async with self.http.stream("GET", url, params=asked, timeout=60) as response:
            ear = Ear(response)
            assert (await ear.until(lambda e: e["kind"] == "hello"))["version"]
            yield ear


class Ear:
    """The events of one browser."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()
        self.heard: list[JSON] = []

    async def until(self, met: Any) -> JSON:
        """The next event of which that is true."""
        async with asyncio.timeout(60):
            async for line in self._lines:
                if line.startswith("data: "):
                    self.heard.append(json.loads(line.removeprefix("data: ")))
                    if met(self.heard[-1]):
                        return self.heard[-1]
        raise AssertionError(f"the stream ended after {self.heard}")


@pytest.fixture
async def page() -> AsyncIterator[tuple[StandIns, Page, Stage]]:
    """The stand-ins with a page, and nobody at work yet."""
    served = Page()
    async with open_stand_ins(routes=served.add_to) as stand_ins:
        discord = stand_ins.discord
        stage = set_up(
            discord,
            stand_ins.guild,
            stand_ins.channel,
            lambda: BotState("up" if discord.gateway.ready() else "starting"),
        )
        served.open(stage)
        yield stand_ins, served, stage
        discord.faults.check()
        stand_ins.tencent.faults.check()


@pytest.fixture
async def stand_ins(page: tuple[StandIns, Page, Stage]) -> StandIns:
    return page[0]


@pytest.fixture
async def stage(page: tuple[StandIns, Page, Stage]) -> Stage:
    return page[2]


@pytest.fixture
async def bot(stand_ins: StandIns, migrated: Path) -> AsyncIterator[None]:
    async with running_among(stand_ins, migrated.parent):
        yield


@pytest.fixture
async def http(stand_ins: StandIns) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stand_ins.discord.origin, timeout=30) as client:
        yield client


@pytest.fixture
def people(stage: Stage, http: httpx.AsyncClient) -> dict[str, Browser]:
    """A browser for each of the people, in the home channel."""
    return {one.user.name: Browser(http, one.user.id, stage.home.id) for one in stage.people}


@pytest.fixture
def ada(people: dict[str, Browser]) -> Browser:
    return people["Ada"]
