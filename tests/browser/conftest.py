"""The demo's page in a real browser: one page and one bot for each file, a channel for each test.

test_page.py        it opens: its weight, both themes, a phone's width, axe-core
test_making.py      requests become pictures: by picker, drop, paste, menu, form; one is cancelled
test_results.py     what can be made of a result: form, buttons, select; choices that ask first
test_people.py      several people: what one alone sees, quotas, two tabs, a reload
test_moderating.py  what moderators see, set in a form, and do to the queue
test_messages.py    the channel: followed, markdown, components that the bot does not use yet
test_parts.py       commands, selects and forms with every part of theirs
test_behind.py      what happens behind: queue, ledger, requests, counter, a crowd
test_knobs.py       what a visitor breaks by the knobs, and what they see of it
test_demo.py        the whole demo: its scene, a bot that is killed, and the demo's own end
chromium.py         the browser, and what no page may do in it
hands.py            what visitors do with keys and pointer
small_bot.py        a small bot in the place of the real one
"""

import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.cli.demo.kept import Kept
from bot.cli.demo.play import DemoClock
from bot.cli.local_stack import StandIns, open_stand_ins, running_among
from bot.sandbox.discord.visitor import waits
from bot.sandbox.discord.world.world import Channel
from bot.sandbox.page.behind import Behind
from bot.sandbox.page.knobs import Knobs
from bot.sandbox.page.routes import Page as Served
from bot.sandbox.page.scene import set_up
from bot.sandbox.page.stage import BotState, Stage
from tests.artist import QuickArtist
from tests.browser.chromium import NAMES, PATIENCE_MS, Tabs, launched, program

SESSION = "session"  # one event loop for all: the browser's connection lives in it
_IS_LEFT_OPEN = """() => document.querySelector("dialog, .layer, .commanding, .file-chip")
  || document.querySelector(".composer-text").value"""
expect.set_options(timeout=PATIENCE_MS)


@pytest_asyncio.fixture(scope="session", loop_scope=SESSION)
async def chromium() -> AsyncIterator[Browser]:
    """One Chromium for each worker."""
    executable = program()
    if executable is None:
        pytest.skip(f"no Chromium here: none of {', '.join(NAMES)} is on the PATH")
    async with launched(executable) as browser:
        yield browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bot of a file keeps what it stores."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def clock() -> DemoClock:
    """The clock of the bot and of both stand-ins."""
    return DemoClock()


@pytest_asyncio.fixture(scope="module", loop_scope=SESSION)
async def played(
    chromium: Browser,  # without a browser there is nothing to start for
    folder: Path,
    clock: DemoClock,
) -> AsyncIterator[tuple[StandIns, Stage]]:
    """The page that `easel demo` serves, its people and channels, and nobody at work yet."""
    del chromium
    served = Served()
    async with open_stand_ins(routes=served.add_to, now=clock, artist=QuickArtist()) as stand_ins:
        discord, tencent = stand_ins.discord, stand_ins.tencent
        shown = set_up(
            discord,
            stand_ins.guild,
            stand_ins.channel,
            lambda: BotState("up" if discord.gateway.ready() else "starting"),
        )
        kept = Kept(stand_ins, stand_ins.variables(folder), folder, [], clock)
        knobs = Knobs(shown, tencent, start=_nothing, kill=_nobody, skip=clock.skip)
        async with contextlib.aclosing(knobs), contextlib.aclosing(kept):
            served.open(shown, Behind(kept, discord, tencent), knobs)
            yield stand_ins, shown


@pytest.fixture(scope="module")
def stand_ins(played: tuple[StandIns, Stage]) -> StandIns:
    return played[0]


@pytest.fixture(scope="module")
def stage(played: tuple[StandIns, Stage]) -> Stage:
    return played[1]


def _nothing() -> None:
    """A bot in this process is neither killed nor started by a knob."""


async def _nobody() -> bool:
    return False


@pytest_asyncio.fixture(scope="module", loop_scope=SESSION)
async def bot(
    stand_ins: StandIns, folder: Path, clock: DemoClock, sqlite_template: Path
) -> AsyncIterator[object]:
    """The real bot, in this process."""
    shutil.copy(sqlite_template, folder / "easel.db")
    async with running_among(stand_ins, folder, now=clock) as app:
        yield app


@pytest_asyncio.fixture(loop_scope=SESSION)
async def channel(stand_ins: StandIns, bot: object) -> AsyncIterator[Channel]:
    """The test's own channel; when it ends, its jobs do, and nothing stays broken."""
    del bot
    discord, tencent = stand_ins.discord, stand_ins.tencent
    place = stand_ins.guild.add_channel(f"room-{len(stand_ins.guild.channels)}")
    yield place
    discord.recover()
    tencent.release()
    tencent.seconds_per_picture = 0.0
    world = discord.world
    await world.until(lambda: not any(waits(message) for message in world.messages(place)))
    for faults in (discord.faults, tencent.faults):
        found = list(faults)
        faults.clear()
        assert found == []


@pytest_asyncio.fixture(loop_scope=SESSION)
async def tabs(
    chromium: Browser, stand_ins: StandIns, stage: Stage, channel: Channel
) -> AsyncIterator[Tabs]:
    """Tabs of any number; whatever goes wrong in one fails the test."""
    home = f"/#/{stage.people[0].user.id}/{channel.id}"
    opened = Tabs(chromium, stand_ins.discord.origin, home)
    yield opened
    await opened.close()
    assert opened.faults == []


@pytest_asyncio.fixture(scope="module", loop_scope=SESSION)
async def shared(
    chromium: Browser, stand_ins: StandIns, bot: object
) -> AsyncIterator[tuple[Tabs, Page]]:
    """The tab that the tests of a file use one after the other; to open one takes a second."""
    del bot
    tabs = Tabs(chromium, stand_ins.discord.origin)
    yield tabs, await tabs.open()
    await tabs.close()


@pytest_asyncio.fixture(loop_scope=SESSION)
async def page(shared: tuple[Tabs, Page], channel: Channel, tabs: Tabs) -> AsyncIterator[Page]:
    """Ada's tab, in the test's channel; loaded anew if the test before left something open."""
    opened, page = shared
    await page.locator(f'#rail a[data-channel="{channel.id}"]').wait_for(state="attached")
    await page.goto(tabs.home)
    if await page.evaluate(_IS_LEFT_OPEN):
        await page.reload()
    await page.get_by_role("heading", name=channel.name, exact=True).wait_for()
    await page.locator("#timeline .welcome").wait_for()
    yield page
    found = list(opened.faults)
    opened.faults.clear()
    assert found == []
