"""What can be made of a result, by its buttons, its select and a form; choices that ask first."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import hands

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def made(page: Page, prompt: str, **options: str) -> Locator:
    """A result that is really there."""
    await hands.command(page, "imagine", prompt=prompt, **options)
    shown = hands.messages(page, text=prompt).first
    await expect(shown.locator(".picture.loaded").first).to_be_visible()
    return shown


async def test_the_edit_form_is_filled_in_and_its_words_make_another_picture(page: Page) -> None:
    result = await made(page, "a boat on the sea")
    await result.get_by_role("button", name="Edit", exact=True).click()
    form = page.get_by_role("dialog")
    await expect(form.get_by_label("Prompt")).to_have_value("a boat on the sea")
    await form.get_by_label("Prompt").fill("a boat in the fog")
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)
    edited = hands.messages(page, text="a boat in the fog")
    await expect(edited.locator(".picture.loaded")).to_be_visible()


async def test_a_result_is_upscaled_by_its_button(page: Page) -> None:
    result = await made(page, "a lighthouse")
    await result.get_by_role("button", name="Upscale", exact=True).click()
    await expect(hands.pictures(page)).to_have_count(2)


async def test_more_extends_a_result_and_deletes_it_after_a_question(page: Page) -> None:
    result = await made(page, "a city by night")
    more = result.get_by_role("combobox")
    await more.click()
    await (
        page.get_by_role("option", name="Make square")
        .or_(page.get_by_role("option", name="Extend to the left"))
        .first.click()
    )
    await expect(hands.pictures(page)).to_have_count(2)
    await more.click()
    await page.get_by_role("option", name="Delete").click()
    await page.get_by_role("button", name="Delete").last.click()
    await expect(hands.messages(page)).to_have_count(2)  # with the answer that it is deleted
    await expect(hands.messages(page, text="/imagine for")).to_have_count(0)


async def test_a_prompt_with_choices_asks_and_then_makes_each(page: Page) -> None:
    await page.get_by_role("button", name="Two at once, by choices").click()
    await hands.send(page)
    question = hands.messages(page, text="one for each choice")
    await expect(question.get_by_text("a city under the moon", exact=True)).to_be_visible()
    await question.get_by_role("button", name="Make them").click()
    await expect(hands.pictures(page)).to_have_count(2)
    await expect(hands.messages(page, text="Accepted: 2 pictures")).to_be_visible()
