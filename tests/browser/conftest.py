"""The demo's page in a real browser, with the bot in this process where nothing else is said.

test_page.py        it opens: its weight, both themes, a phone's width, axe-core
test_making.py      requests become pictures: by picker, drop, paste, menu, form; one is cancelled
test_people.py      several people: what one alone sees, quotas, two tabs, a reload
test_messages.py    the channel: followed, markdown, components that the bot does not use yet
test_behind.py      what happens behind, its knobs, and a bot that is killed in the middle
chromium.py         the browser, and what no page may do in it
hands.py            what visitors do with keys and pointer
small_bot.py        a small bot in the place of the real one
"""

import contextlib
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.cli.demo.kept import Kept
from bot.cli.local_stack import StandIns, open_stand_ins, running_among
from bot.sandbox.page.behind import Behind
from bot.sandbox.page.knobs import Knobs
from bot.sandbox.page.routes import Page as Served
from bot.sandbox.page.scene import set_up
from bot.sandbox.page.stage import BotState, Stage
from tests.browser.chromium import NAMES, PATIENCE_MS, Tabs, launched, program

SESSION = "session"  # one event loop for all: the browser's connection lives in it
expect.set_options(timeout=PATIENCE_MS)


@pytest_asyncio.fixture(scope="session", loop_scope=SESSION)
async def chromium() -> AsyncIterator[Browser]:
    """One Chromium for each worker."""
    executable = program()
    if executable is None:
        pytest.skip(f"no Chromium here: none of {', '.join(NAMES)} is on the PATH")
    async with launched(executable) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope=SESSION)
async def stand_ins(stage: tuple[StandIns, Stage]) -> StandIns:
    return stage[0]


@pytest_asyncio.fixture(loop_scope=SESSION)
async def stage(
    chromium: Browser,
    tmp_path: Path,  # without a browser there is nothing to start for
) -> AsyncIterator[tuple[StandIns, Stage]]:
    """The page that `easel demo` serves, its people and channels, and nobody at work yet."""
    del chromium
    served = Served()
    async with open_stand_ins(routes=served.add_to) as stand_ins:
        discord, tencent = stand_ins.discord, stand_ins.tencent
        shown = set_up(
            discord,
            stand_ins.guild,
            stand_ins.channel,
            lambda: BotState("up" if discord.gateway.ready() else "starting"),
        )
        kept = Kept(stand_ins, stand_ins.variables(tmp_path), tmp_path, [], time.time)
        knobs = Knobs(shown, tencent, start=_nothing, kill=lambda: False, skip=lambda _: None)
        async with contextlib.aclosing(knobs), contextlib.aclosing(kept):
            served.open(shown, Behind(kept, discord, tencent), knobs)
            yield stand_ins, shown
        discord.faults.check()
        tencent.faults.check()


def _nothing() -> None:
    """A bot in this process is neither killed nor started by a knob."""


@pytest_asyncio.fixture(loop_scope=SESSION)
async def bot(stand_ins: StandIns, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[None]:
    shutil.copy(sqlite_template, tmp_path / "easel.db")
    async with running_among(stand_ins, tmp_path):
        yield


@pytest_asyncio.fixture(loop_scope=SESSION)
async def tabs(chromium: Browser, stand_ins: StandIns, bot: None) -> AsyncIterator[Tabs]:
    """Tabs of any number; whatever goes wrong in one fails the test."""
    del bot
    opened = Tabs(chromium, stand_ins.discord.origin)
    yield opened
    await opened.close()
    assert opened.faults == []


@pytest_asyncio.fixture(loop_scope=SESSION)
async def page(tabs: Tabs) -> Page:
    """Ada's tab, in the first channel."""
    return await tabs.open()
