"""What moderators see and set: a form of the settings as they are, the queue with its buttons."""

import re

import pytest
from playwright.async_api import Page, expect

from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.world import Channel
from tests.browser import hands

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_settings_form_shows_what_is_set_and_keeps_it(
    page: Page, channel: Channel, stand_ins: StandIns
) -> None:
    guild = stand_ins.guild
    mira = next(each.user for each in guild.members.values() if each.user.name == "Mira")
    moderators = next(each for each in guild.channels if each.name == "moderators")
    await Visitor(stand_ins.discord, mira, channel).use("settings log", channel=moderators)
    await hands.be(page, "Mira")
    await hands.command(page, "settings show")
    shown = hands.messages(page, text="Log channel: #moderators")
    await shown.get_by_role("button", name="Change").nth(5).click()
    form = page.get_by_role("dialog")
    await expect(form.get_by_role("combobox", name=re.compile("^Log channel"))).to_contain_text(
        "moderators"
    )
    await form.get_by_label("only one’s own pictures").check()
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)
    await expect(hands.messages(page, text="Restyling: only one’s own pictures")).to_be_visible()
    await expect(hands.messages(page, text="Log channel: #moderators")).to_be_visible()


async def test_a_waiting_job_is_held_released_and_cancelled_from_the_list(
    page: Page, stand_ins: StandIns
) -> None:
    stand_ins.tencent.hold()
    for prompt in ("a forest", "a mountain"):
        await hands.command(page, "imagine", prompt=prompt)
        await expect(hands.messages(page, text=prompt)).to_be_visible()
    waiting = hands.messages(page, text="a mountain").first
    await expect(waiting).to_contain_text("Queued")
    await hands.be(page, "Mira")
    await hands.command(page, "queue show")
    shown = hands.messages(page, text="Waiting in this server")
    await expect(shown).to_contain_text("a mountain")
    await shown.get_by_role("button", name="Hold").click()
    await expect(shown).to_contain_text("held back: 1")
    await expect(waiting).to_contain_text("Held")
    await hands.turn_to(page, "Queue")
    pool = page.locator(".pool").filter(has_text="vod")
    heading = pool.get_by_role("heading", name="Nobody waits · Held back: 1")
    await expect(heading).to_be_visible()
    await shown.get_by_role("button", name="Release").click()
    await expect(shown).not_to_contain_text("held back")
    await expect(pool.get_by_role("heading", name="Waiting: 1")).to_be_visible()
    await expect(heading).to_have_count(0)
    await shown.get_by_role("button", name="Cancel").click()
    await expect(waiting).to_contain_text("ancelled")
