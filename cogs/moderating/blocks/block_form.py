"""The form that blocks a member, filled in with whom a message tells of."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.domain.discord_limits import TOKEN_LIFE_S
from bot.domain.moderation.blocks import REASON_CHARS

_TITLE = "Block a member"
_WHOM = "Whom"
_WHOM_ABOUT = "They may not ask for pictures here; what they have waiting ends, with a refund."
_REASON = "Why"
_REASON_ABOUT = "Whoever is blocked reads it."
_UNTIL = "Until when"
_UNTIL_ABOUT = "3d, 12h, 2026-12-24 or 2026-12-24 18:00, in the server’s time zone; empty = no end"
_UNTIL_CHARS = 40

Person = discord.Member | discord.User
Then = Callable[[discord.Interaction[Any], Person, str, str | None], Awaitable[None]]
"""Takes whom, why, and until when as it was typed."""


class BlockForm(ui.Modal):
    """What `/block add` asks for, of a member."""

    def __init__(self, user_id: int | None, then: Then) -> None:
        super().__init__(title=_TITLE, timeout=TOKEN_LIFE_S)  # who closes a form tells nobody
        known = [discord.SelectDefaultValue.from_user(discord.Object(user_id))] if user_id else []
        self._whom: ui.UserSelect[Any] = ui.UserSelect(custom_id="user", default_values=known)
        self._reason: ui.TextInput[Any] = ui.TextInput(custom_id="reason", max_length=REASON_CHARS)
        self._until: ui.TextInput[Any] = ui.TextInput(
            custom_id="until", required=False, max_length=_UNTIL_CHARS
        )
        for text, about, part in (
            (_WHOM, _WHOM_ABOUT, self._whom),
            (_REASON, _REASON_ABOUT, self._reason),
            (_UNTIL, _UNTIL_ABOUT, self._until),
        ):
            self.add_item(ui.Label(text=text, component=part, description=about))
        self._then = then

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand over what was filled in."""
        until = self._until.value.strip() or None
        await self._then(interaction, self._whom.values[0], self._reason.value, until)
