"""The whole demo with the bot as its child: the scene one arrives on, and a bot that is killed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.cli.demo.play import open_demo
from bot.sandbox.page.stage import Stage
from tests.browser import hands
from tests.browser.chromium import Tabs

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
    await hands.turn_to(page, "Queue")
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
    await page.get_by_label("Seconds per picture").fill("0")
    await expect(refused).to_be_hidden(timeout=60_000)
    await expect(line).to_be_visible()
    done = hands.messages(page, text="a boat on the sea").locator(".picture.loaded")
    await expect(done).to_be_visible(timeout=60_000)
    for count in ("accepted 7", "ended 7", "lost 0", "posted twice 0", "paid twice 0"):
        await expect(page.get_by_role("button", name=count)).to_be_visible()
    await hands.turn_to(page, "Ledger")
    quotas = page.locator(".quotas li")
    for whose in ("Ada, per day", "the whole server, per day", "the account in dollars, per month"):
        await expect(quotas.filter(has_text=whose)).to_have_count(1)
