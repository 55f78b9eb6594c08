"""Several people use it: what only one may see, what a moderator sets, two tabs, a reload."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser import hands
from tests.browser.chromium import Tabs

pytestmark = pytest.mark.asyncio(loop_scope="session")
ONLY_YOU = "Only you can see this"


async def test_an_ephemeral_answer_is_its_readers_alone_until_dismissed(
    page: Page, tabs: Tabs
) -> None:
    other = await tabs.open()
    await hands.be(other, "Bo")
    await hands.command(page, "jobs")
    answer = hands.messages(page).filter(has_text=ONLY_YOU)
    await expect(answer).to_be_visible()
    await hands.writing(page).fill("Hello")
    await hands.send(page)
    await expect(hands.messages(other, text="Hello")).to_be_visible()
    await expect(other.get_by_text(ONLY_YOU)).to_have_count(0)
    await answer.get_by_role("button", name="Dismiss").click()
    await expect(answer).to_have_count(0)
    await page.reload()
    await expect(hands.messages(page, text="Hello")).to_be_visible()
    await expect(page.get_by_text(ONLY_YOU)).to_have_count(0)


async def test_a_moderator_sets_a_quota_and_the_member_is_refused(page: Page, tabs: Tabs) -> None:
    moderator = await tabs.open()
    await hands.be(moderator, "Mira")
    await hands.command(moderator, "quota set", user="Bo", images="1", period="day")
    await expect(hands.messages(moderator).filter(has_text=ONLY_YOU)).to_be_visible()
    await hands.be(page, "Bo")
    await hands.command(page, "imagine", prompt="a boat")
    await expect(hands.pictures(page)).to_have_count(1)
    await hands.command(page, "imagine", prompt="a second boat")
    refusal = hands.messages(page).filter(has_text=ONLY_YOU)
    await expect(refusal).to_contain_text(re.compile("quota", re.IGNORECASE))


async def test_two_browsers_see_the_same_picture_arrive(page: Page, tabs: Tabs) -> None:
    other = await tabs.open()
    await hands.be(other, "Bo")
    await hands.command(page, "imagine", prompt="a city by night")
    for tab in (page, other):
        shown = hands.messages(tab, text="a city by night")
        await expect(shown.locator(".picture.loaded")).to_be_visible()


async def test_a_channel_is_shown_to_whom_it_is_open(page: Page, tabs: Tabs) -> None:
    closed = page.get_by_role("link", name="moderators")
    await expect(page.get_by_role("link", name="workshop")).to_be_visible()
    await expect(closed).to_have_count(0)
    moderator = await tabs.open()
    await hands.be(moderator, "Mira")
    await moderator.get_by_role("link", name="moderators").click()
    await hands.writing(moderator).fill("Between us")
    await hands.send(moderator)
    await expect(hands.messages(moderator, text="Between us")).to_be_visible()
    await page.goto(moderator.url.replace(moderator.url.split("/")[-2], page.url.split("/")[-2]))
    await expect(page.get_by_role("heading", name="pictures", exact=True)).to_be_visible()
    await expect(page.get_by_text("Between us")).to_have_count(0)


async def test_a_reload_keeps_who_and_where_one_is(page: Page) -> None:
    await hands.be(page, "Bo")
    await page.get_by_role("link", name="workshop").click()
    await expect(page.get_by_role("heading", name="workshop", exact=True)).to_be_visible()
    await hands.writing(page).fill("Here I am")
    await hands.send(page)
    await expect(hands.messages(page, text="Here I am")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="workshop", exact=True)).to_be_visible()
    await expect(hands.messages(page, text="Here I am").get_by_text("Bo")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("You are.*Bo"))).to_be_visible()
