"""/settings preset: the styles that a server has of its own."""

import discord
from discord import app_commands

from bot.domain.discord_limits import CHOICE_CHARS, CHOICES
from bot.domain.members.presets import NAME_CHARS, WORDS_CHARS
from bot.domain.wording.likeness import most_like
from bot.domain.wording.quoting import shortened
from bot.domain.wording.sentences import say
from bot.services.members.presets import Presets
from cogs.views.permissions import check_may_manage

_ADDED = "Members can choose the style “{name}” here now. It adds to their prompt: {words}"
_REMOVED = "Nobody can choose the style “{name}” any more. Pictures made with it stay as they are."
_OFFERED = "{name} · {words}"


class PresetCommands(
    app_commands.Group, name="preset", description="Styles that this server has of its own"
):
    """Adds presets and removes them; whoever asks needs Manage Server."""

    def __init__(self, presets: Presets) -> None:
        super().__init__()
        self.presets = presets

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let in whoever may manage the server at this moment; raises NeedsManageServer."""
        check_may_manage(interaction)
        return True

    @app_commands.command()
    @app_commands.describe(
        name="What members choose it by; one of that name gets these words instead",
        words="What it adds to a prompt, such as: ink on rice paper, few colours",
    )
    async def add(
        self,
        interaction: discord.Interaction,
        name: app_commands.Range[str, 1, NAME_CHARS],
        words: app_commands.Range[str, 1, WORDS_CHARS],
    ) -> None:
        """Add a style for the members of this server."""
        guild_id = interaction.guild_id or 0
        preset = await self.presets.add(guild_id, name, words, set_by=interaction.user.id)
        text = say(_ADDED, name=preset.name, words=preset.words)
        await interaction.response.send_message(text, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(name="Which one; the list shows all there are")
    async def remove(
        self, interaction: discord.Interaction, name: app_commands.Range[str, 1, CHOICE_CHARS]
    ) -> None:
        """Remove one of this server’s styles."""
        by = interaction.user.id
        removed = await self.presets.remove(interaction.guild_id or 0, name, by=by)
        await interaction.response.send_message(say(_REMOVED, name=removed), ephemeral=True)

    @remove.autocomplete("name")
    async def _suggest(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Return the presets that are like what was typed, each with its words."""
        presets = await self.presets.remembered(interaction.guild_id)
        found = most_like(typed, presets, lambda preset: preset.name)
        return [
            app_commands.Choice(
                name=shortened(_OFFERED.format(name=each.name, words=each.words), CHOICE_CHARS),
                value=each.name,
            )
            for each in found[:CHOICES]
        ]
