"""The whole demo with the bot as its child: its scene, a bot that is killed, and its own end."""

import asyncio
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
    await expect(hands.pictures(page).nth(8)).to_be_attached()
    await expect(hands.pictures(page).last).to_be_in_viewport(ratio=0.5)
    await hands.turn_to(page, "Queue")
    await expect(page.locator(".slot.taken").first).to_be_visible()
    await expect(page.locator(".waiting li").first).to_be_visible()
    # On a busy machine the scene goes on: whoever asks a bot that was killed is not accepted.
    await expect(page.get_by_role("button", name="accepted 9")).to_be_visible(timeout=60_000)
    await page.get_by_role("button", name="Break it, and watch").click()
    await page.get_by_role("button", name="Kill it").click()
    await expect(page.locator(".said")).to_contain_text("SIGKILL")
    await expect(page.locator("#banner")).to_contain_text("stopped")
    line = await hands.pick(page, "imagine")
    await hands.fill(line, prompt="a cat")
    await page.keyboard.press("Enter")
    refused = page.get_by_text("Easel is not running.")
    await expect(refused).to_be_visible()
    await page.get_by_role("button", name="Start it again").click()
    await page.get_by_label("Seconds per picture").fill("0")
    await expect(refused).to_be_hidden(timeout=60_000)
    await expect(line).to_be_visible()
    done = hands.messages(page, text="a boat on the sea").locator(".picture.loaded")
    await expect(done).to_be_visible(timeout=60_000)
    for count in ("accepted 9", "ended 8", "lost 0", "posted twice 0", "paid twice 0"):
        await expect(page.get_by_role("button", name=count)).to_be_visible()
    await hands.turn_to(page, "Ledger")
    quotas = page.locator(".quotas li")
    for whose in ("Ada, per day", "the whole server, per day", "the account in dollars, per month"):
        await expect(quotas.filter(has_text=whose)).to_have_count(1)
    await page.get_by_role("tab", name="Knobs").click()
    await page.get_by_role("button", name="Close code 4011").click()
    await expect(page.locator("#banner")).to_contain_text("4011")


async def test_the_first_sight_on_a_phone_is_a_picture_and_a_job(demo: tuple[Stage, Tabs]) -> None:
    _, tabs = demo
    page = await tabs.open(width=390, height=844)
    await expect(hands.messages(page, text="in thick oil")).to_be_in_viewport()
    await expect(hands.pictures(page).last).to_be_in_viewport(ratio=0.5)


async def test_a_moderator_finds_a_newcomers_request_and_lets_it_through(
    demo: tuple[Stage, Tabs],
) -> None:
    _, tabs = demo
    page = await tabs.open()
    await hands.be(page, "Mira")
    await page.get_by_role("link", name="moderators").click()
    question = hands.messages(page, text="is new here and asks for a picture")
    await expect(question).to_contain_text("@Nino")
    await question.get_by_role("button", name="Approve").click()
    await expect(question).to_have_count(0)
    await expect(hands.messages(page, text="Approved by @Mira")).to_be_visible()
    await expect(hands.messages(page, text="its member reads so")).to_be_visible()
    await page.get_by_role("link", name="workshop").click()
    await expect(page.get_by_role("heading", name="workshop", level=1)).to_be_visible()
    made = hands.messages(page, text="a castle in the mountains").locator(".picture.loaded")
    await expect(made).to_be_visible(timeout=60_000)


async def test_an_open_page_goes_on_with_the_demo_that_is_started_anew(
    chromium: Browser, tmp_path: Path
) -> None:
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    async with open_demo(folders[0], is_prepared=False) as stage:
        port = int(stage.discord.origin.rpartition(":")[2])
        tabs = Tabs(chromium, stage.discord.origin)
        page = await tabs.open()
        await hands.writing(page).fill("Before")
        await hands.send(page)
        await expect(hands.messages(page, text="Before")).to_be_visible()
        waiting = page.locator("#banner").get_by_text("The demo is stopping.").wait_for()
        stopping = asyncio.create_task(waiting)
        await stage.discord.world.until(stage.discord.gateway.ready)
    await stopping
    await expect(page.locator("#banner")).to_contain_text("does not answer")
    tabs.forgive("ERR_CONNECTION_REFUSED")
    tabs.forgive("ERR_INCOMPLETE_CHUNKED_ENCODING")
    async with open_demo(folders[1], port=port, is_prepared=False) as stage:
        await expect(page.locator("#banner")).not_to_contain_text("does not answer")
        await expect(hands.messages(page, text="Before")).to_have_count(0)
        await hands.writing(page).fill("After")
        await hands.send(page)
        await expect(hands.messages(page, text="After")).to_be_visible()
        assert [m.content for m in stage.discord.world.messages(stage.home)] == ["After"]
        tabs.forgive("ERR_")
        await tabs.close()
    assert tabs.faults == []
