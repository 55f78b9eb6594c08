"""What a member's Discord still shows, and this bot no longer knows, is answered in words."""

import asyncio
from typing import Any

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.routes.interactions import AUTOCOMPLETE, COMMAND, COMPONENT
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.message import walk
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import Run, has_pictures, ledger, photo, says, until_settled

SELECT = 3  # a component type (Discord docs, 2026-08)
TEXT, INTEGER, ATTACHMENT = 3, 4, 11  # option types (Discord docs, 2026-08)


def sent(
    stand_ins: StandIns, kind: int, data: dict[str, Any], source: Message | None = None
) -> Reply:
    """Send what no client of today would."""
    user, channel = stand_ins.visitor("Ada").user, stand_ins.channel
    interaction = stand_ins.discord.interactions.begin(kind, user, channel, data, source=source)
    return Reply(stand_ins.discord, interaction)


def slash(name: str, *options: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "1", "name": name, "type": 1, "options": list(options), **more}


def option(name: str, kind: int, value: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "value": value, **more}


@pytest.mark.parametrize(
    "data",
    [
        slash("paint"),
        slash("quota", {"name": "gone", "type": 1, "options": []}),
        slash("quota"),
        slash("imagine"),
        {"id": "1", "name": "Restyle this", "type": 3, "target_id": "5"},
    ],
    ids=["command", "subcommand", "group", "without its option", "menu"],
)
async def test_a_command_of_another_version_is_told_so_and_is_no_fault_of_ours(
    app: App, stand_ins: StandIns, caplog: pytest.LogCaptureFixture, data: dict[str, Any]
) -> None:
    reply = sent(stand_ins, COMMAND, data)
    await reply.until(says("Reload Discord"))
    assert reply.ephemeral
    assert await ledger(app) == []
    assert "Traceback" not in caplog.text


@pytest.mark.usefixtures("app")
async def test_what_the_library_cannot_read_of_a_command_is_answered(stand_ins: StandIns) -> None:
    resolved = {"attachments": {"7": {"id": "7"}}}
    image = option("image", ATTACHMENT, "7")
    await sent(stand_ins, COMMAND, slash("restyle", image, resolved=resolved)).until(
        says("name this id")
    )
    typed = option("engine", TEXT, "a", focused=True)
    reply = sent(stand_ins, AUTOCOMPLETE, slash("restyle", image, typed, resolved=resolved))
    async with asyncio.timeout(10):
        await reply.interaction.answered.wait()
    assert reply.interaction.choices == []


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("kind", "custom_id"), [(2, "easel:more:1"), (2, "easel:again:0000000000000"), (3, "")]
)
async def test_a_button_that_nothing_knows_any_more_says_so(
    stand_ins: StandIns, kind: int, custom_id: str
) -> None:
    shown = await (await stand_ins.visitor("Ada").imagine("a cat")).until(has_pictures)
    data = {"component_type": kind, "custom_id": custom_id or shown.buttons[0].custom_id, "id": 9}
    reply = sent(stand_ins, COMPONENT, data, source=shown)
    async with asyncio.timeout(10):
        await reply.interaction.answered.wait()
    assert reply.message is not None
    assert "does nothing any more" in reply.message.text
    assert reply.ephemeral


@pytest.mark.usefixtures("app")
async def test_a_choice_that_an_earlier_version_offered_says_so(stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    shown = await (await ada.imagine("a cat")).until(has_pictures)
    [select] = [part for part in walk(shown.components) if part["type"] == SELECT]
    select["options"].append({"label": "Inpaint", "value": "inpaint"})
    reply = await ada.choose(shown, "inpaint")
    assert "does nothing any more" in (await reply.until(says("Easel"))).text
    assert reply.ephemeral


async def test_a_form_that_a_restart_closed_says_so(run: Run, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    async with run():
        opened = await ada.use("blend", prompt="a collage")
    async with run() as app:
        reply = await ada.submit_modal(opened, {"pictures": [photo()]})
        await reply.until(says("no longer open"))
        assert reply.ephemeral
        await app.client.interactions.end()
        stopping = await ada.submit_modal(opened, {"pictures": [photo()]})
        await stopping.until(says("Easel is restarting"))
        assert await ledger(app) == []


async def test_a_form_that_is_sent_once_more_says_so_and_pays_nothing(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    opened = await ada.use("blend", prompt="a collage")
    first = await ada.submit_modal(opened, {"pictures": [photo()]})
    await first.until(has_pictures)
    again = await ada.submit_modal(opened, {"pictures": [photo()]})
    await again.until(says("it was sent already"))
    assert len(await until_settled(app)) == 1


async def test_an_upload_that_cannot_be_fetched_is_called_so(app: App, stand_ins: StandIns) -> None:
    # Nothing listens on the port of no service.
    away = "http://127.0.0.1:9/attachments/1/7/a.png"
    file = {"id": "7", "filename": "a.png", "size": 5, "url": away, "proxy_url": away}
    resolved = {"attachments": {"7": file}}
    image = option("image", ATTACHMENT, "7")
    reply = sent(stand_ins, COMMAND, slash("restyle", image, resolved=resolved))
    await reply.until(says("could not be fetched"))
    assert reply.ephemeral
    assert await ledger(app) == []
