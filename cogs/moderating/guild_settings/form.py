"""A form of settings: a moderator fills it in, and all of it is changed at once or nothing."""

from collections.abc import Awaitable, Callable, Sequence
from functools import reduce
from typing import Any

import discord
from discord import ui

from bot.domain.discord_limits import TOKEN_LIFE_S
from bot.domain.guilds.settings import GuildSettings
from bot.ports.accounts import Change
from cogs.moderating.guild_settings.parts import Part
from cogs.views.permissions import check_may_manage

Check = Callable[[discord.Interaction[Any]], None]
"""Raises the NotPossible that says why what was chosen cannot be."""

Carry = Callable[[discord.Interaction[Any], Change], Awaitable[None]]
"""Carries a change out, and shows what is set then."""


class SettingsForm(ui.Modal):
    """Parts that are filled in from settings and put back into them."""

    def __init__(
        self,
        title: str,
        parts: Sequence[Part],
        carry: Carry,
        check: Check | None = None,
    ) -> None:
        super().__init__(title=title, timeout=TOKEN_LIFE_S)  # who closes a form tells nobody
        self._parts = parts
        self._carry = carry
        self._check = check
        for part in parts:
            self.add_item(part.item)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Change what was filled in, if whoever sends it may manage the server at this moment."""
        check_may_manage(interaction)
        if self._check is not None:
            self._check(interaction)
        await self._carry(interaction, self._put)

    def _put(self, kept: GuildSettings) -> GuildSettings:
        return reduce(lambda settings, part: part.put(settings), self._parts, kept)
