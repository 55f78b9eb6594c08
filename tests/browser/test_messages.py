"""What stands in a channel: followed as it comes, shown as a client does, its parts usable."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from bot.cli.demo.play import DemoClock
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.world import Channel
from bot.sandbox.page.stage import Stage
from tests.browser import hands
from tests.browser.small_bot import SmallBot, small_bot

pytestmark = pytest.mark.asyncio(loop_scope="session")
V2 = 1 << 15
CAT = "/page/photos/cat.jpg"
Say = Callable[..., Awaitable[Any]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(stand_ins: StandIns, folder: Path) -> AsyncIterator[SmallBot]:
    """In this file the small bot is at work instead of the real one."""
    token = stand_ins.variables(folder)["DISCORD_TOKEN"]
    async with small_bot(stand_ins.discord, token) as running:
        yield running


@pytest.fixture
def say(bot: SmallBot, channel: Channel) -> Say:
    """Let the small bot post in the test's channel."""
    return partial(bot.post, channel)


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


async def test_new_messages_are_followed_though_pictures_load_late(
    page: Page, stand_ins: StandIns, channel: Channel, say: Say
) -> None:
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await page.route("**/attachments/**", hold)
    bo = stand_ins.visitor("Bo").user
    visitor = Visitor(stand_ins.discord, bo, channel)
    for number in range(12):
        visitor.say(f"Number {number}", hands.upload(f"{number}.jpg"))
    await expect(hands.messages(page, text="Number 11")).to_be_in_viewport()
    for route in held:
        await route.continue_()
    await page.unroute("**/attachments/**")
    last = hands.messages(page, text="Number 11").locator(".picture.loaded img")
    await expect(last).to_be_in_viewport(ratio=0.5)
    await say(content="The very last one")
    await expect(hands.messages(page, text="The very last one")).to_be_in_viewport()


async def test_markdown_is_rendered_and_mentions_name_whom_they_mean(
    page: Page, channel: Channel, stage: Stage, say: Say
) -> None:
    people = {one.user.name: one.user.id for one in stage.people}
    content = "\n".join(
        (
            "# A heading",
            "**bold** *slanted* __under__ ~~struck~~ `code` ||hidden||",
            "> quoted",
            "-# small print",
            "[a link](https://example.com/a) and <https://example.com/b>",
            f"<@{people['Bo']}> and <@{people['Mira']}> in <#{channel.id}>",
            "<t:1700000000:D> \\*not slanted\\* <script>alert(1)</script>",
            "```py\nprint(1)\n```",
        )
    )
    await say(content=content)
    shown = hands.messages(page, text="A heading")
    for tag, words in (
        ("strong", "bold"),
        ("em", "slanted"),
        ("u", "under"),
        ("s, del", "struck"),
        ("blockquote", "quoted"),
        ("pre code", "print(1)"),
    ):
        await expect(shown.locator(tag).filter(has_text=words).first).to_be_visible()
    await expect(shown.get_by_role("link", name="a link")).to_have_attribute(
        "href", "https://example.com/a"
    )
    await expect(shown).to_contain_text("@Bo and @Mira in")
    await expect(shown).to_contain_text("November 14, 2023")
    await expect(shown).to_contain_text("*not slanted* <script>alert(1)</script>")


async def test_a_spoiler_is_covered_until_it_is_pressed(page: Page, say: Say) -> None:
    await say(content="Look: ||the secret||")
    await page.get_by_role("button", name="Spoiler, hidden").press("Enter")
    await expect(page.get_by_role("button", name="Spoiler, hidden")).to_have_count(0)
    await expect(hands.messages(page, text="Look: the secret")).to_be_visible()


async def test_relative_times_and_days_go_by_the_demos_clock(
    page: Page, say: Say, clock: DemoClock
) -> None:
    await say(content=f"Seen <t:{int(clock())}:R>")
    shown = hands.messages(page, text="Seen").locator("time.relative")
    await expect(shown).to_have_text(re.compile("now|second"))
    await hands.turn_to(page, "Knobs")
    await page.get_by_role("button", name="An hour later").click()
    await expect(shown).to_have_text("1 hour ago")
    await expect(page.locator(".day")).to_have_text(re.compile("Today|Yesterday"))
    await page.get_by_role("button", name="The next day").click()
    await page.get_by_role("button", name="The next day").click()
    await expect(shown).to_have_text(re.compile("days? ago|yesterday"))
    await expect(page.locator(".day")).not_to_have_text("Today")


async def test_the_servers_own_emoji_are_pictures_and_unknown_ones_keep_their_names(
    page: Page, stand_ins: StandIns, say: Say
) -> None:
    brush = next(one for one in stand_ins.guild.emojis if one.name == "brush")
    button = {"type": 2, "style": 2, "label": "Paint", "custom_id": "paint",
              "emoji": {"id": brush.id, "name": brush.name}}  # fmt: skip
    row = {"type": 1, "components": [button]}
    await say(content=f"With {brush.mention} and <:gone:1>", components=[row])
    shown = hands.messages(page, text="With")
    pictures = shown.get_by_role("img", name=":brush:")
    await expect(pictures).to_have_count(2)
    await expect(shown).to_contain_text(":gone:")
    for picture in await pictures.all():
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)")
    await hands.writing(page).fill("Mine is :easel:")
    await hands.send(page)
    mine = hands.messages(page, text="Mine is").get_by_role("img", name=":easel:")
    await expect(mine).to_be_visible()


async def test_a_message_is_as_long_as_it_is_sent(page: Page) -> None:
    await hands.writing(page).fill("x" * 1990 + " @Mira")
    await hands.send(page)
    fault = page.locator(".composer-fault").first
    await expect(fault).to_contain_text("2000 characters at most, not 20")
    await expect(fault).to_contain_text("a mention counted as it is sent")
    await hands.writing(page).fill("")


async def test_components_that_the_bot_does_not_use_yet_are_shown_and_act(
    page: Page, stand_ins: StandIns, stage: Stage, say: Say, bot: SmallBot
) -> None:
    origin = stand_ins.discord.origin
    choices = [{"label": name, "value": name.lower()} for name in ("Oil", "Ink", "Chalk")]
    parts = [
        {
            "type": 9,
            "components": [text("A section with a picture")],
            "accessory": {"type": 11, "media": {"url": origin + CAT}, "description": "a cat"},
        },
        {
            "type": 9,
            "components": [text("A section with a button")],
            "accessory": {"type": 2, "style": 3, "label": "Yes", "custom_id": "yes"},
        },
        {"type": 14, "divider": True, "spacing": 2},
        {"type": 12, "items": [{"media": {"url": origin + CAT}, "description": "a cat"}] * 2},
        {
            "type": 1,
            "components": [
                {
                    "type": 3,
                    "custom_id": "style",
                    "placeholder": "A style",
                    "options": choices,
                    "min_values": 1,
                    "max_values": 1,
                }
            ],
        },
        {"type": 1, "components": [{"type": 5, "custom_id": "who", "placeholder": "Somebody"}]},
        {
            "type": 1,
            "components": [
                {"type": 2, "style": 5, "label": "A link", "url": "https://example.com/"},
                {"type": 2, "style": 4, "label": "No", "custom_id": "no", "disabled": True},
            ],
        },
    ]
    await say(
        flags=V2,
        components=[
            text("# All of it"),
            {"type": 17, "accent_color": 0x3366AA, "components": parts},
        ],
    )
    shown = hands.messages(page, text="All of it")
    await expect(shown.get_by_role("img", name="a cat").first).to_be_visible()
    await expect(shown.get_by_role("link", name="A link")).to_be_visible()
    await expect(shown.get_by_role("button", name="No", exact=True)).to_be_disabled()
    await shown.get_by_role("button", name="Yes").click()
    await expect(page.get_by_text("You used yes")).to_be_visible()
    await shown.get_by_role("combobox", name="A style").click()
    await page.get_by_role("option", name="Ink").click()
    await expect(page.get_by_text("You used style: ['ink']")).to_be_visible()
    bo = next(one.user for one in stage.people if one.user.name == "Bo")
    await shown.get_by_role("combobox", name="Somebody").click()
    await page.get_by_role("option", name="Bo").click()
    await expect(page.get_by_text(f"You used who: ['{bo.id}']")).to_be_visible()
    assert [used["custom_id"] for used in bot.used[-3:]] == ["yes", "style", "who"]
