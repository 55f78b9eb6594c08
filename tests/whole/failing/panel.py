"""Buttons that last, buttons that pass and a form, which break where a test says."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.errors import NotYourJob
from bot.sandbox.discord.world.world import Message


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
