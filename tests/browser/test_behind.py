"""What happens behind: seen as it happens, turned by knobs, and nothing lost by a kill."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.cli.demo.play import open_demo
from bot.cli.local_stack import StandIns
from bot.sandbox.page.stage import Stage
from tests.browser import hands
from tests.browser.chromium import Tabs

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def turn_to(page: Page, tab: str) -> None:
    await page.get_by_role("tab", name="Behind").click()
    await page.get_by_role("tab", name=tab, exact=True).click()


async def test_the_queue_the_ledger_and_the_requests_follow_a_job(
    page: Page, stand_ins: StandIns
) -> None:
    stand_ins.tencent.seconds_per_picture = 60.0
    await turn_to(page, "Queue")
    for prompt in ("a forest", "a mountain"):
        await hands.command(page, "imagine", prompt=prompt)
        await expect(hands.messages(page, text=prompt)).to_be_visible()
    await expect(page.locator(".slot.taken")).to_contain_text(["a forest"])
    await expect(page.locator(".waiting li")).to_contain_text(["a mountain"])
    await expect(page.get_by_role("button", name="accepted 2")).to_be_visible()
    await turn_to(page, "Ledger")
    await expect(page.locator(".ledger tbody tr")).to_have_count(2)
    await turn_to(page, "Tencent")
    entry = page.get_by_role("tabpanel", name="Tencent").locator(".requests li").first
    await entry.locator("summary").click()
    await expect(entry.locator(".json").first).to_contain_text("TC3-HMAC-SHA256")
    await expect(entry).to_contain_text("a forest")
    await turn_to(page, "Discord")
    sent = page.get_by_role("tabpanel", name="Discord").locator(".requests li")
    await expect(sent.first).to_be_visible()


async def test_the_tabs_turn_by_keys_and_the_last_one_is_kept(page: Page) -> None:
    await turn_to(page, "Queue")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tabpanel", name="Ledger")).to_be_visible()
    await page.keyboard.press("End")
    await expect(page.get_by_role("tab", name="Knobs")).to_be_focused()
    await expect(page.get_by_role("group", name="Discord")).to_be_visible()
    await page.reload()
    await page.get_by_role("tab", name="Behind").click()
    await expect(page.get_by_role("tabpanel", name="Knobs")).to_be_visible()


async def test_a_knob_says_what_it_did_and_does_it(page: Page, stand_ins: StandIns) -> None:
    await turn_to(page, "Knobs")
    said = page.locator(".said")
    await page.get_by_label("Seconds per picture").fill("7")
    await expect(said).to_contain_text("7 seconds")
    assert stand_ins.tencent.seconds_per_picture == 7.0
    await page.get_by_label("The bot may not post").check()
    await expect(said).to_contain_text("may no longer post")
    await expect(page.get_by_label("The bot may not post")).to_be_checked()


async def test_each_count_says_what_it_counts(page: Page) -> None:
    lost = page.get_by_role("button", name="lost 0")
    await lost.focus()
    tip = page.locator(".counter .tip")
    await expect(tip).to_contain_text("nobody would ever hear again")
    await page.keyboard.press("Escape")
    await expect(tip).to_be_hidden()


@pytest_asyncio.fixture(loop_scope="session")
async def demo(chromium: Browser, tmp_path: Path) -> AsyncIterator[tuple[Stage, Tabs]]:
    """The whole demo, with the bot as its child."""
    async with open_demo(tmp_path, restart_s=60.0) as stage:
        tabs = Tabs(chromium, stage.discord.origin)
        yield stage, tabs
        await tabs.close()
        assert tabs.faults == []


async def test_one_arrives_on_pictures_and_a_queue_and_a_kill_loses_nothing(
    demo: tuple[Stage, Tabs],
) -> None:
    _, tabs = demo
    page = await tabs.open()
    await expect(hands.pictures(page)).to_have_count(8)
    await turn_to(page, "Queue")
    await expect(page.locator(".slot.taken")).to_have_count(1)
    await expect(page.locator(".waiting li")).to_have_count(2)
    await page.get_by_role("button", name="Break it, and watch").click()
    await page.get_by_role("button", name="Kill it").click()
    await expect(page.locator(".said")).to_contain_text("SIGKILL")
    await expect(page.locator("#banner")).to_contain_text("stopped")
    line = await hands.pick(page, "imagine")
    await hands.fill(line, prompt="a cat")
    await page.keyboard.press("Enter")
    refused = page.get_by_text("Easel is not running.")
    await expect(refused).to_be_visible()
    tabs.forgive("400")
    await page.get_by_role("button", name="Start it again").click()
    await expect(refused).to_be_hidden(timeout=60_000)
    await expect(line).to_be_visible()
    done = hands.messages(page, text="a boat on the sea").locator(".picture.loaded")
    await expect(done).to_be_visible(timeout=60_000)
    for count in ("accepted 7", "ended 7", "lost 0", "posted twice 0", "paid twice 0"):
        await expect(page.get_by_role("button", name=count)).to_be_visible()
    await turn_to(page, "Ledger")
    quotas = page.locator(".quotas li")
    for whose in ("Ada, per day", "the whole server, per day", "the account in dollars, per month"):
        await expect(quotas.filter(has_text=whose)).to_have_count(1)
