"""A long channel: older messages come as one reads back, and those far from view cost nothing."""

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.world import Channel, Message
from tests.browser import hands

pytestmark = pytest.mark.asyncio(loop_scope="session")
MANY = 230
TALL = "\nwith\nmore\nlines"
# What each message says in its first line, in the order of the page.
_SAID = """() => [...document.querySelectorAll("article.message .text")]
  .map(text => text.textContent.split("\\n")[0])"""
_IS_LAID_OUT = "element => element.checkVisibility({ contentVisibilityAuto: true })"
_TOP_OF = "element => element.getBoundingClientRect().top"
# Read at the very top, where a browser keeps no place by itself; say where the element is then.
_TO_TOP = """element => {
  document.querySelector(".scroller").scrollTop = 0;
  return element.getBoundingClientRect().top;
}"""
# Read on to the place, and see it drawn there.
_SCROLL = """async top => {
  document.querySelector(".scroller").scrollTop = top;
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def written(page: Page, stand_ins: StandIns, channel: Channel) -> list[Message]:
    """Many messages, of which the page has loaded the latest."""
    visitor = Visitor(stand_ins.discord, stand_ins.visitor("Bo").user, channel)
    said = [visitor.say(f"Number {number}{TALL}") for number in range(MANY)]
    await page.reload()
    await expect(hands.messages(page, text=f"Number {MANY - 1} with")).to_be_in_viewport()
    return said


async def read_back(page: Page) -> None:
    """Go to the channel's beginning, which comes with the last of the older messages."""
    welcome = page.locator("#timeline .welcome")
    while not await welcome.count():
        await page.evaluate(_SCROLL, 0)


async def test_reading_back_brings_every_message_once_and_as_it_is_now(
    page: Page, stand_ins: StandIns, written: list[Message]
) -> None:
    await page.evaluate(_SCROLL, 2500)
    shown = await page.locator("article.message").count()
    assert 50 < shown < 150  # a few were drawn of those that were loaded, more wait
    changed, gone = written[-shown - 20], written[-shown - 30]
    changed.content = "Now it says something else"
    stand_ins.discord.world.announce("message edited", changed)
    stand_ins.discord.world.delete(gone)
    await read_back(page)
    kept = [message.content.split("\n")[0] for message in written if message is not gone]
    assert await page.evaluate(_SAID) == kept


async def test_the_place_one_reads_at_stays_while_older_and_newer_ones_come(
    page: Page, stand_ins: StandIns, channel: Channel, written: list[Message]
) -> None:
    place = page.locator("article.message").first
    place = page.locator(f"#{await place.get_attribute('id')}")
    before = await place.evaluate(_TO_TOP)
    await page.wait_for_function("document.querySelectorAll('article.message').length > 50")
    await page.evaluate("() => new Promise(requestAnimationFrame)")
    Visitor(stand_ins.discord, stand_ins.visitor("Bo").user, channel).say("One more")
    written[-56].content = "Shorter"
    stand_ins.discord.world.announce("message edited", written[-56])
    await expect(page.get_by_role("button", name="New messages")).to_be_visible()
    await expect(page.locator(f"#m{written[-56].id}")).to_contain_text("Shorter")
    assert await place.evaluate(_TOP_OF) == pytest.approx(before, abs=2)


@pytest.mark.usefixtures("written")
async def test_messages_far_from_view_are_left_out_of_the_layout_and_still_found(
    page: Page,
) -> None:
    await read_back(page)
    await page.evaluate(_SCROLL, 1_000_000)
    first = hands.messages(page).first
    assert await hands.messages(page).last.evaluate(_IS_LAID_OUT)
    assert not await first.evaluate(_IS_LAID_OUT)
    assert await page.evaluate("find('Number 0')")
    assert await first.evaluate("element => element.contains(getSelection().anchorNode)")
    page_of_all = await page.locator(".scroller").aria_snapshot()
    assert "Number 1 " in page_of_all  # who hears the page hears what is far from view as well
