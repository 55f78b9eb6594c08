"""A request becomes a picture: from the picker, a drop, a paste, a form; one is cancelled."""

import pytest
from playwright.async_api import Page, expect

from bot.cli.local_stack import StandIns
from tests.browser import hands

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_prompt_typed_through_the_picker_becomes_a_picture(page: Page) -> None:
    await hands.command(page, "imagine", prompt="a boat on the sea")
    shown = hands.messages(page, text="a boat on the sea")
    await expect(shown.locator(".picture.loaded img")).to_be_visible()
    await expect(shown.get_by_text("Ada used")).to_be_visible()


@pytest.mark.parametrize("how", ["drop", "paste"])
async def test_a_photo_that_is_dropped_or_pasted_is_restyled(page: Page, how: str) -> None:
    await hands.give(hands.writing(page), how, "miso.jpg")
    await expect(page.get_by_text("miso.jpg")).to_be_visible()
    await page.locator(".offer").click()
    line = page.get_by_role("group", name="/restyle", exact=True)
    await hands.fill(line, prompt="as a watercolour")
    await hands.send(page)
    await expect(hands.pictures(page)).to_have_count(1)
    await expect(hands.messages(page, text="as a watercolour")).to_have_count(1)


async def test_a_result_is_restyled_from_its_own_menu(page: Page) -> None:
    await hands.command(page, "imagine", prompt="a lighthouse")
    first = hands.messages(page, text="a lighthouse")
    await first.locator(".picture.loaded").click(button="right")
    await page.get_by_role("menuitem", name="Use this picture").click()
    line = page.get_by_role("group", name="/restyle", exact=True)
    await hands.fill(line, prompt="in ink")
    await hands.send(page)
    await expect(hands.messages(page, text="in ink").locator(".picture.loaded")).to_be_visible()


async def test_a_waiting_request_is_cancelled_by_its_button(
    page: Page, stand_ins: StandIns
) -> None:
    stand_ins.tencent.hold()
    for prompt in ("a forest", "a mountain"):
        await hands.command(page, "imagine", prompt=prompt)
        await expect(hands.messages(page, text=prompt)).to_be_visible()
    waiting = hands.messages(page, text="a mountain")
    await waiting.get_by_role("button", name="Cancel").click()
    await expect(waiting.get_by_text("Cancelled")).to_be_visible()
    await expect(waiting.get_by_role("button", name="Cancel")).to_have_count(0)


async def test_the_form_of_blend_takes_several_pictures(page: Page) -> None:
    line = await hands.pick(page, "blend")
    await hands.fill(line, prompt="one postcard")
    await hands.send(page)
    form = page.get_by_role("dialog")
    await expect(form).to_be_visible()
    zone = form.locator(".dropzone").first
    for name in ("one.jpg", "two.jpg"):
        await hands.give(zone, "drop", name)
        await expect(form.get_by_text(name)).to_be_visible()
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)
    await expect(hands.pictures(page)).to_have_count(1)


async def test_an_empty_send_takes_up_the_example(page: Page) -> None:
    await hands.send(page)
    await expect(page.get_by_role("group", name="/imagine", exact=True)).to_be_visible()
    await hands.send(page)
    await expect(hands.pictures(page)).to_have_count(1)
