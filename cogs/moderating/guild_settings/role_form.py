"""The form for what a role, or everyone, may use."""

from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.domain.discord_limits import TOKEN_LIFE_S
from bot.domain.guilds.changes import rule_for, with_rule, without_rule
from bot.domain.guilds.settings import EVERYONE, GuildSettings, RoleRule
from bot.domain.wording.quoting import shortened
from bot.services.guild_settings import GuildSettingsEditor
from cogs.moderating.guild_settings import form_texts
from cogs.moderating.guild_settings.form import Carry
from cogs.moderating.guild_settings.role_parts import EnginesPart, StylesPart
from cogs.views.permissions import check_may_manage

_TITLE_CHARS = 45


class RoleForm(ui.Modal):
    """Which engines and styles a role may use; `called` is its name, of everyone None."""

    def __init__(
        self,
        role_id: int,
        called: str | None,
        kept: GuildSettings,
        editor: GuildSettingsEditor,
        carry: Carry,
    ) -> None:
        title = form_texts.ENGINES_OF_EVERYONE
        if called is not None:
            # A form's title is plain text.
            title = shortened(form_texts.ENGINES_OF_ROLE.format(role=called), _TITLE_CHARS)
        super().__init__(title=title, timeout=TOKEN_LIFE_S)
        rule = rule_for(kept, role_id) or RoleRule(role_id)
        self._editor = editor
        self._carry = carry
        self._role_id = role_id
        self._engines, self._styles = EnginesPart(editor.engines(), rule), StylesPart(rule)
        for item in (*self._engines.items, self._styles.item):
            self.add_item(item)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Set the rule, if whoever sends it may manage the server at this moment."""
        check_may_manage(interaction)
        await self._carry(interaction, self._put)

    def _put(self, kept: GuildSettings) -> GuildSettings:
        rule = rule_for(kept, self._role_id) or RoleRule(self._role_id)
        styles = tuple(dict.fromkeys(map(self._editor.style, self._styles.chosen)))
        rule = replace(rule, engines=self._engines.chosen(rule), styles=styles)
        if rule == RoleRule(EVERYONE):
            return without_rule(kept, EVERYONE)
        return with_rule(kept, rule)
