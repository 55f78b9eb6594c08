"""Commands, selects and forms with every part of theirs, also those the bot does not use yet."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.cli.local_stack import StandIns
from bot.sandbox.discord.world.world import Channel
from bot.sandbox.page.stage import Stage
from tests.browser import hands
from tests.browser.chromium import Tabs
from tests.browser.small_bot import JSON, SmallBot, small_bot

pytestmark = pytest.mark.asyncio(loop_scope="session")
WORDS, USER, ROLE, MENTIONABLE, CHANNEL = 3, 5, 6, 7, 8
OPEN: JSON = {"type": 2, "style": 1, "label": "Open the form", "custom_id": "open"}
COLOURS = [{"label": name, "value": name.lower()} for name in ("Red", "Blue", "Green")]


def part(label: str, kind: int, custom_id: str, **more: Any) -> JSON:
    component = {"type": kind, "custom_id": custom_id, **more}
    return {"type": 18, "label": label, "component": component}


FORMS: list[JSON] = [
    {
        "title": "Words and files",
        "custom_id": "words",
        "components": [
            {"type": 10, "content": "Some **words** before."},
            part("A line", 4, "line", style=1),
            part("A paragraph", 4, "paragraph", style=2, required=False),
            part("Files", 19, "files", max_values=2, file_types=["image"]),
            part("Agreed", 23, "agreed"),
        ],
    },
    {
        "title": "Choices",
        "custom_id": "choices",
        "components": [
            part("One", 21, "one", options=COLOURS),
            part("Some", 22, "some", options=COLOURS, max_values=2),
            part("A colour", WORDS, "colour", options=COLOURS),
            part("A channel", CHANNEL, "channel"),
        ],
    },
    {
        "title": "People",
        "custom_id": "people",
        "components": [
            part("A member", USER, "member"),
            part("A role", ROLE, "role"),
            part("Either", MENTIONABLE, "either"),
        ],
    },
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(stand_ins: StandIns, folder: Path) -> AsyncIterator[SmallBot]:
    """In this file the small bot is at work instead of the real one."""
    token = stand_ins.variables(folder)["DISCORD_TOKEN"]
    async with small_bot(stand_ins.discord, token) as running:
        yield running


async def choose(page: Page, select: str, option: str) -> None:
    """Open a select by its name, and choose what is named so."""
    await page.get_by_role("combobox", name=select, exact=True).click()
    await page.get_by_role("option", name=option).click()


async def opened(page: Page, bot: SmallBot, channel: Channel, form: JSON) -> Any:
    """Let the bot open this form; returns its dialog."""
    bot.form = form
    await bot.post(channel, components=[{"type": 1, "components": [OPEN]}], content="A form:")
    await page.get_by_role("button", name="Open the form").click()
    dialog = page.get_by_role("dialog", name=form["title"])
    await expect(dialog).to_be_visible()
    bot.form = None
    return dialog


async def sent(page: Page, bot: SmallBot) -> JSON:
    """Submit the open form; returns what the bot got, by custom id."""
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    components = [each.get("component") for each in bot.used[-1]["components"]]
    return {each["custom_id"]: each for each in components if each}


async def test_every_kind_of_select_offers_what_there_is_and_sends_who_that_is(
    page: Page, bot: SmallBot, channel: Channel, stand_ins: StandIns, stage: Stage
) -> None:
    bo = next(one.user for one in stage.people if one.user.name == "Bo")
    role = stand_ins.guild.roles[-1]
    cases = {
        "Somebody": (USER, "Bo", bo.id),
        "A rank": (ROLE, "@Moderators", role.id),
        "Anybody": (MENTIONABLE, "@Moderators", role.id),
        "Somewhere": (CHANNEL, "workshop", stand_ins.guild.channels[1].id),
    }
    rows = [
        {"type": 1, "components": [{"type": kind, "custom_id": name, "placeholder": name}]}
        for name, (kind, _, _) in cases.items()
    ]
    await bot.post(channel, content="Choose:", components=rows)
    for name, (_, option, thing) in cases.items():
        await choose(page, name, option)
        await expect(page.get_by_text(f"You used {name}: ['{thing}']")).to_be_visible()
    await page.get_by_role("combobox", name="Somewhere: workshop").click()
    await expect(page.get_by_role("option", name="moderators")).to_have_count(0)
    await page.keyboard.press("Escape")


async def test_a_form_takes_words_and_only_files_of_its_kinds(
    page: Page, bot: SmallBot, channel: Channel
) -> None:
    form = await opened(page, bot, channel, FORMS[0])
    await expect(form.get_by_text("Some words before.")).to_be_visible()
    await page.get_by_role("button", name="Submit").click()
    await expect(form.get_by_text("This is required.").first).to_be_visible()
    await form.get_by_label("A line").fill("One line")
    await form.get_by_label("A paragraph").fill("Two\nlines")
    zone = form.locator(".dropzone")
    await hands.give(zone, "drop", "notes.txt")
    await expect(form.get_by_text("“notes.txt” is not taken here, only image.")).to_be_visible()
    await hands.give(zone, "drop", "one.jpg")
    await hands.give(zone, "paste", "two.webp")
    await expect(form.locator(".file-chip")).to_have_count(2)
    await form.get_by_label("Agreed").check()
    got = await sent(page, bot)
    assert (got["line"]["value"], got["paragraph"]["value"]) == ("One line", "Two\nlines")
    assert got["agreed"]["value"] is True
    files = bot.used[-1]["resolved"]["attachments"]
    assert [files[each]["filename"] for each in got["files"]["values"]] == ["one.jpg", "two.webp"]


async def test_a_form_takes_choices_of_every_kind(
    page: Page, bot: SmallBot, channel: Channel, stand_ins: StandIns
) -> None:
    form = await opened(page, bot, channel, FORMS[1])
    await form.get_by_role("radio", name="Blue").check()
    for name in ("Red", "Green"):
        await form.get_by_role("checkbox", name=name).check()
    await expect(form.get_by_role("checkbox", name="Blue")).to_be_disabled()
    await choose(page, "A colour", "Red")
    await choose(page, "A channel", "workshop")
    got = await sent(page, bot)
    assert (got["one"]["value"], got["some"]["values"]) == ("blue", ["red", "green"])
    assert got["colour"]["values"] == ["red"]
    assert got["channel"]["values"] == [stand_ins.guild.channels[1].id]


async def test_a_form_takes_members_and_roles(
    page: Page, bot: SmallBot, channel: Channel, stand_ins: StandIns, stage: Stage
) -> None:
    bo = next(one.user for one in stage.people if one.user.name == "Bo")
    await opened(page, bot, channel, FORMS[2])
    await choose(page, "A member", "Bo")
    await choose(page, "A role", "@Moderators")
    await choose(page, "Either", "Bo")
    got = await sent(page, bot)
    role = stand_ins.guild.roles[-1]
    values = {name: each["values"] for name, each in got.items()}
    assert values == {"member": [bo.id], "role": [role.id], "either": [bo.id]}


async def test_in_another_language_commands_have_their_names_of_it_and_send_the_registered_ones(
    tabs: Tabs, bot: SmallBot
) -> None:
    await bot.register(
        {
            "type": 1,
            "name": "paint",
            "description": "Paint something",
            "name_localizations": {"de": "male"},
            "description_localizations": {"de": "Male etwas"},
        }
    )
    page = await tabs.open()
    await page.locator("button.me").click()
    await (
        page.get_by_label("Discord’s language")
        .or_(page.get_by_label("Discord's language"))
        .select_option("de")
    )
    await hands.writing(page).press_sequentially("/ma")
    await expect(page.locator(".people")).to_be_hidden()
    await page.get_by_role("option", name="/male").click()
    await expect(page.get_by_role("group", name="/male", exact=True)).to_be_visible()
    await hands.send(page)
    await expect(page.get_by_text("You used paint: None")).to_be_visible()
    assert bot.used[-1]["name"] == "paint"


async def test_a_menus_command_stands_above_its_answer_without_a_slash(
    page: Page, bot: SmallBot, channel: Channel
) -> None:
    await bot.register({"type": 3, "name": "Look at it"}, {"type": 2, "name": "Greet"})
    await bot.post(channel, content="Here it is")
    await hands.messages(page, text="Here it is").click(button="right")
    await page.get_by_role("menuitem", name="Look at it").click()
    answer = hands.messages(page, text="You used Look at it")
    await expect(answer.locator(".answers")).to_have_text("AAda used Look at it")
