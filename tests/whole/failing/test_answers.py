"""Whoever presses, chooses or submits reads what went wrong, as with a command."""

import re
from typing import Any, Self

import discord
import pytest
from discord import ui
from structlog.testing import capture_logs

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.errors import NotYourJob
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import photo, says, until


class Fault:
    """What goes wrong next."""

    error: Exception = NotYourJob()
    is_answered_first = False


async def fail(interaction: discord.Interaction[Any]) -> None:
    if Fault.is_answered_first:
        await interaction.response.defer()
    raise Fault.error


class LastingButton(ui.DynamicItem[ui.Button[Any]], template=r"lasting:(?P<where>check|work)"):
    """A button that outlives restarts, and breaks in its check or in its work."""

    def __init__(self, where: str) -> None:
        super().__init__(ui.Button(label=f"lasting {where}", custom_id=f"lasting:{where}"))
        self.where = where

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["where"])

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        if self.where == "check":
            await fail(interaction)
        return True

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await fail(interaction)


class Form(ui.Modal, title="A form"):
    """Breaks when it is submitted."""

    words: ui.Label[Any] = ui.Label(text="Words", component=ui.TextInput(custom_id="words"))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        await fail(interaction)


class Panel(ui.View):
    """Buttons of a view that lives as long as the process."""

    @ui.button(label="passing")
    async def passing(self, interaction: discord.Interaction[Any], _: ui.Button[Self]) -> None:
        await fail(interaction)

    @ui.button(label="form")
    async def form(self, interaction: discord.Interaction[Any], _: ui.Button[Self]) -> None:
        await interaction.response.send_modal(Form())


async def panel(app: App, stand_ins: StandIns) -> Message:
    """Post a message with all of these."""
    view = Panel(timeout=None)
    for where in ("check", "work"):
        view.add_item(LastingButton(where))
    channel = app.client.get_partial_messageable(int(stand_ins.channel.id))
    await channel.send("Press!", view=view)
    return stand_ins.discord.world.messages(stand_ins.channel)[-1]


async def use(stand_ins: StandIns, message: Message, label: str) -> Reply:
    """Press the button, or submit the form that it opens."""
    ada = stand_ins.visitor("Ada")
    reply = await ada.press(message, label)
    return await ada.submit_modal(reply, {"words": "any"}) if label == "form" else reply


LABELS = ("lasting check", "lasting work", "passing", "form")


@pytest.mark.parametrize("label", LABELS)
async def test_a_refusal_is_read_by_who_acted_alone(
    app: App, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    monkeypatch.setattr(Fault, "error", NotYourJob())
    message = await panel(app, stand_ins)
    reply = await use(stand_ins, message, label)
    assert "Only the person who asked" in (await reply.until(lambda shown: bool(shown.text))).text
    assert reply.ephemeral
    assert message.text == "Press!"


@pytest.mark.parametrize("label", LABELS)
async def test_a_fault_of_ours_is_an_id_that_the_log_explains(
    app: App,
    stand_ins: StandIns,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    label: str,
) -> None:
    monkeypatch.setattr(Fault, "error", ZeroDivisionError("in the middle"))
    reply = await use(stand_ins, await panel(app, stand_ins), label)
    text = (await reply.until(says("name this id"))).text
    incident = text.split()[-1]
    logged = caplog.text + "".join(capsys.readouterr())
    assert incident in logged
    assert "in the middle" in logged


@pytest.mark.parametrize("label", LABELS)
async def test_what_was_answered_already_is_not_written_over(
    app: App, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    monkeypatch.setattr(Fault, "error", NotYourJob())
    monkeypatch.setattr(Fault, "is_answered_first", True)
    message = await panel(app, stand_ins)
    reply = await use(stand_ins, message, label)
    await until(lambda: bool(reply.followups))
    [told] = reply.followups
    assert "Only the person who asked" in told.text
    assert told.ephemeral
    assert message.text == "Press!"


async def test_an_answer_that_does_not_get_to_discord_is_only_logged(
    app: App, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fault, "error", NotYourJob())
    monkeypatch.setattr(Fault, "is_answered_first", True)
    message = await panel(app, stand_ins)
    stand_ins.discord.script("POST", "/webhooks/", drop=True, times=3)
    with capture_logs() as logs:
        await use(stand_ins, message, "passing")
        await until(lambda: [log["event"] for log in logs] == ["reply_failed"])


async def test_a_cancel_that_breaks_is_answered_too(app: App, stand_ins: StandIns) -> None:
    stand_ins.tencent.hold()
    ada = stand_ins.visitor("Ada")
    await ada.restyle(photo())
    await until(lambda: stand_ins.tencent.running["aiart"] == 1)
    reply = await ada.restyle(photo())
    message = await reply.until(says("Queued"))
    await app.client.remove_cog("Cancel")
    pressed = await ada.press(message, "Cancel")
    await pressed.until(says("name this id"))
    assert "Queued" in message.text
    stand_ins.tencent.release()
