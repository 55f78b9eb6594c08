"""What happens behind: seen as it happens, and counted."""

import re

import pytest
from playwright.async_api import Page, expect

from bot.cli.local_stack import StandIns
from tests.browser import hands

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_queue_the_ledger_and_the_requests_follow_a_job(
    page: Page, stand_ins: StandIns
) -> None:
    stand_ins.tencent.hold()
    await hands.turn_to(page, "Queue")
    for prompt in ("a forest", "a mountain"):
        await hands.command(page, "imagine", prompt=prompt)
        await expect(hands.messages(page, text=prompt)).to_be_visible()
    await expect(page.locator(".slot.taken")).to_contain_text(["a forest"])
    await expect(page.locator(".waiting li")).to_contain_text(["a mountain"])
    await hands.turn_to(page, "Ledger")
    entries = page.locator(".ledger tbody tr")
    await expect(entries).to_have_count(2)
    await expect(page.get_by_role("button", name="accepted 2")).to_be_visible()
    await hands.turn_to(page, "Tencent")
    entry = page.get_by_role("tabpanel", name="Tencent").locator(".requests li").first
    await entry.locator("summary").click()
    await expect(entry.locator(".json").first).to_contain_text("TC3-HMAC-SHA256")
    await expect(entry).to_contain_text("a forest")
    await hands.turn_to(page, "Discord")
    sent = page.get_by_role("tabpanel", name="Discord").locator(".requests li")
    await expect(sent.first).to_be_visible()


async def test_the_tabs_turn_by_keys_and_the_last_one_is_kept(page: Page) -> None:
    await hands.turn_to(page, "Queue")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tabpanel", name="Ledger")).to_be_visible()
    await page.keyboard.press("End")
    await expect(page.get_by_role("tab", name="Knobs")).to_be_focused()
    await expect(page.get_by_role("group", name="Discord")).to_be_visible()
    await page.reload()
    await page.get_by_role("tab", name="Behind").click()
    await expect(page.get_by_role("tabpanel", name="Knobs")).to_be_visible()


async def test_a_knob_says_what_it_did_and_does_it(page: Page, stand_ins: StandIns) -> None:
    await hands.turn_to(page, "Knobs")
    said = page.locator(".said")
    await page.get_by_label("Seconds per picture").fill("7")
    await expect(said).to_contain_text("7 seconds")
    assert stand_ins.tencent.seconds_per_picture == 7.0
    await page.get_by_label("The bot may not post").check()
    await expect(said).to_contain_text("may no longer post")
    await expect(page.get_by_label("The bot may not post")).to_be_checked()
    await page.get_by_label("The bot may not post").uncheck()
    await expect(said).to_contain_text("may post in #pictures again")


async def test_each_count_says_what_it_counts(page: Page) -> None:
    lost = page.get_by_role("button", name="lost 0")
    await lost.focus()
    tip = page.locator(".counter .tip")
    await expect(tip).to_contain_text("nobody would ever hear again")
    await page.keyboard.press("Escape")
    await expect(tip).to_be_hidden()


async def test_a_crowd_waits_behind_itself(page: Page, stand_ins: StandIns) -> None:
    stand_ins.tencent.hold()
    await hands.turn_to(page, "Knobs")
    await page.get_by_role("button", name="100 requests").click()
    await expect(page.locator(".said")).to_contain_text("on their way")
    await hands.turn_to(page, "Queue")
    vod = page.locator(".pool").filter(has_text="vod")
    await expect(vod.get_by_role("heading", name="Waiting: 99")).to_be_visible()
    await hands.command(page, "imagine", prompt="a lighthouse")
    mine = vod.locator(".waiting li").filter(has_text="Ada")
    await expect(mine.locator(".place")).to_have_text(re.compile("^[1-3]$"))
    await page.get_by_role("button", name="Cancel").click()
    await expect(hands.messages(page, text="Cancelled").first).to_be_visible()
