"""Asks a newcomer whether moderators may see what only they themselves were to see."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.domain.discord_limits import TOKEN_LIFE_S
from bot.domain.wording.sentences import say

_QUESTION = (
    "The first pictures of new members need a moderator’s approval here. Your request is private, "
    "and the moderators’ channel would show its prompt and pictures until they decide, within 24 "
    "hours. Nothing was sent yet, and nothing was used from your quota. Shall it go to them?"
)
_YES = "Show it to the moderators"

Then = Callable[[discord.Interaction[Any]], Awaitable[None]]


class ShowingView(ui.View):
    """One button, which works once; whoever does not press it sends nothing."""

    def __init__(self, then: Then) -> None:
        super().__init__(timeout=TOKEN_LIFE_S)
        self._then = then
        button: ui.Button[Any] = ui.Button(label=_YES, style=discord.ButtonStyle.primary)
        button.callback = self._go_on  # type: ignore[method-assign] # as the library's decorator does
        self.add_item(button)

    async def _go_on(self, interaction: discord.Interaction[Any]) -> None:
        self.stop()  # a second press finds no button
        await self._then(interaction)


async def ask_to_show(interaction: discord.Interaction[Any], then: Then) -> None:
    """Ask, to the member alone, and go on with the press of the button."""
    await interaction.response.send_message(say(_QUESTION), view=ShowingView(then), ephemeral=True)
