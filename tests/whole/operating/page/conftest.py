"""The demo's page over HTTP, as a browser uses it, with the bot in this process."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.cli.demo.kept import Kept
from bot.cli.demo.play import DemoClock
from bot.cli.local_stack import StandIns, open_stand_ins, running_among
from bot.sandbox.page.behind import Behind
from bot.sandbox.page.knobs import Knobs
from bot.sandbox.page.routes import Page
from bot.sandbox.page.scene import set_up
from bot.sandbox.page.stage import BotState, Stage
from tests.artist import QuickArtist

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
        assert answer.json()["ok"], answer.text
        return dict(answer.json())

    async def refused(self, act: str, *files: tuple[str, bytes], **more: Any) -> str:
        answer = await self.post(act, *files, **more)
        assert (answer.status_code, answer.json()["ok"]) == (200, False), answer.text
        return str(answer.json()["error"])

    async def get(self, path: str, **query: Any) -> Any:
        asked = {"as": self.who, "channel": self.channel, **query}
        answer = await self.http.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def turn(self, knob: str, value: Any = None) -> str:
        answer = await self.http.post("/page/knobs", json={"id": knob, "value": value})
        assert answer.json()["ok"], answer.text
        return str(answer.json()["said"])

    async def counter(self) -> JSON:
        return dict((await self.get("/page/behind", parts="counter"))["counter"])

    async def until_counted(self, **wanted: int) -> JSON:
        """The counter as soon as it counts that."""
        async with asyncio.timeout(60):
            while True:
                counted = await self.counter()
                if wanted.items() <= counted.items():
                    return counted
                await asyncio.sleep(0.02)

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


@dataclass(frozen=True)
class Played:
    """The stand-ins with the page on them; the bot, if there is one, runs in this process."""

    stand_ins: StandIns
    stage: Stage
    clock: DemoClock
    kept: Kept


@pytest.fixture
async def played(migrated: Path) -> AsyncIterator[Played]:
    """The page and all behind it, and nobody at work yet."""
    page, clock = Page(), DemoClock()
    async with open_stand_ins(routes=page.add_to, now=clock, artist=QuickArtist()) as stand_ins:
        discord, tencent = stand_ins.discord, stand_ins.tencent
        stage = set_up(
            discord,
            stand_ins.guild,
            stand_ins.channel,
            lambda: BotState("up" if discord.gateway.ready() else "starting"),
        )
        variables = stand_ins.variables(migrated.parent)
        kept = Kept(stand_ins, variables, migrated.parent, [], clock)
        knobs = Knobs(stage, tencent, start=lambda: None, kill=_nobody, skip=clock.skip)
        async with contextlib.aclosing(kept), contextlib.aclosing(knobs):
            page.open(stage, Behind(kept, discord, tencent), knobs)
            yield Played(stand_ins, stage, clock, kept)
        discord.faults.check()
        tencent.faults.check()


async def _nobody() -> bool:
    return False


@pytest.fixture
def stand_ins(played: Played) -> StandIns:
    return played.stand_ins


@pytest.fixture
def stage(played: Played) -> Stage:
    return played.stage


@pytest.fixture
async def bot(played: Played, migrated: Path) -> AsyncIterator[None]:
    async with running_among(played.stand_ins, migrated.parent, now=played.clock):
        yield


@pytest.fixture
async def http(stand_ins: StandIns) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stand_ins.discord.origin, timeout=30) as client:
        yield client


@pytest.fixture
def people(stage: Stage, http: httpx.AsyncClient) -> dict[str, Browser]:
    return browsers(stage, http)


def browsers(stage: Stage, http: httpx.AsyncClient) -> dict[str, Browser]:
    """A browser for each of the people, in the home channel."""
    return {one.user.name: Browser(http, one.user.id, stage.home.id) for one in stage.people}


def has_pictures(event: JSON) -> bool:
    return event["kind"] == "message" and bool(event["message"]["attachments"])


def is_message(event: JSON) -> bool:
    return event["kind"] == "message"


def says(words: str) -> Callable[[JSON], bool]:
    """Whether an event is a message with these words, wherever in it they stand."""
    return lambda event: (
        is_message(event) and words in json.dumps(event["message"], ensure_ascii=False)
    )


@pytest.fixture
def ada(people: dict[str, Browser]) -> Browser:
    return people["Ada"]
