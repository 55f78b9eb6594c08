"""What a visitor breaks by the knobs, and what they see of it: Discord, and each class of fault."""

import pytest
from playwright.async_api import Page, expect

from bot.cli.local_stack import StandIns
from bot.sandbox.page.faults import FAULTS
from tests.browser import hands

pytestmark = pytest.mark.asyncio(loop_scope="session")
ARRIVES = "AI-modified"
ENDS = {
    "busy": ARRIVES,
    "server": ARRIVES,
    "moderated": "review refused the prompt",
    "input": "could not use this prompt or picture",
    "operator": "not available right now",
    "gone": "no longer exists for this account",
    "bug": "which is our fault",
    "unknown": "nobody knows whether the picture was made",
    "unsent": "nobody knows whether the picture was made",
}
LAST = ("gone", "operator")  # these take engines from everybody who comes after


async def ask(page: Page, prompt: str) -> None:
    """Ask for a picture as the page's own example does, in fewer keys."""
    await hands.command(page, "imagine", prompt=prompt)


async def is_kept(page: Page) -> None:
    """The promises stand as counted."""
    for count in ("lost 0", "posted twice 0", "paid twice 0"):
        await expect(page.get_by_role("button", name=count)).to_be_visible()


@pytest.mark.parametrize(
    ("knob", "said", "status"),
    [
        ("Errors 500", "fail with 500", "500"),
        ("Rate limits", "told to wait", "429"),
        ("Drop the gateway", "was cut", ""),
        ("Expire the tokens", "tokens are too old now", "401"),
    ],
)
async def test_a_picture_arrives_through_a_bad_day_of_discord(
    page: Page, stand_ins: StandIns, knob: str, said: str, status: str
) -> None:
    resumed = stand_ins.discord.gateway.resumed
    stand_ins.tencent.hold()
    await hands.turn_to(page, "Knobs")
    await ask(page, "a lighthouse")
    await expect(hands.messages(page, text="Being made")).to_be_visible()
    await page.get_by_role("button", name=knob).click()
    await expect(page.locator(".said")).to_contain_text(said)
    stand_ins.tencent.release()
    await expect(hands.pictures(page)).to_have_count(1)
    await is_kept(page)
    if knob == "Drop the gateway":
        assert stand_ins.discord.gateway.resumed == resumed + 1
    if status:
        await hands.turn_to(page, "Discord")
        seen = page.get_by_role("tabpanel", name="Discord").locator(".chip")
        await expect(seen.filter(has_text=status).first).to_be_visible()


async def test_a_picture_waits_for_the_apis_places(page: Page, stand_ins: StandIns) -> None:
    await hands.turn_to(page, "Knobs")
    places = page.get_by_label("No places at the API")
    await places.check()
    await expect(page.locator(".said")).to_contain_text("takes nothing more")
    await ask(page, "a lighthouse")
    await expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    assert stand_ins.tencent.running["vod"] == 0
    await places.uncheck()
    await expect(hands.pictures(page)).to_have_count(1)


@pytest.mark.parametrize("fault", sorted(FAULTS, key=lambda name: name in LAST))
async def test_a_fault_of_the_api_is_met_once_and_seen_in_the_channel(
    page: Page, fault: str
) -> None:
    await hands.turn_to(page, "Knobs")
    knob = page.get_by_label("The next picture meets")
    await knob.select_option(fault)
    await expect(page.locator(".said")).to_have_text(FAULTS[fault].said)
    await expect(knob).to_have_value("")
    if fault == "gone":
        # The engines of the cat's style are suspended by then.
        await ask(page, "a lighthouse")
    else:
        await page.get_by_role("button", name="The cat as a watercolour").click()
        await expect(page.locator(".pill .file-chip")).to_be_visible()
        await hands.send(page)
    await expect(hands.messages(page, text=ENDS[fault])).to_be_visible()
    await is_kept(page)
