"""/audit: who did what as a moderator, read by the moderators of the same server."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.members.moderators import Moderators
from bot.services.moderation.audit import AuditLook, AuditReading
from cogs.moderating.acts.audit_layout import AuditLayout
from cogs.views.permissions import actor_of

_USUAL = 100
_MOST = 1000


# Not `guild_only`: it leaves direct messages as they are set for the whole bot.
class Audit(commands.Cog, name="Audit"):
    """Turns /audit and the buttons of its pages into pages of the record."""

    def __init__(self, reading: AuditReading, moderators: Moderators) -> None:
        self.reading = reading
        self.moderators = moderators

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.describe(
        user="Only what this person did as a moderator, or what was done about them",
        limit="How many of the latest acts",
    )
    async def audit(
        self,
        interaction: discord.Interaction,
        user: discord.Member | discord.User | None = None,
        limit: app_commands.Range[int, 1, _MOST] = _USUAL,
    ) -> None:
        """Show what this server’s moderators did: who, when, what was before and after."""
        await self.moderators.check(actor_of(interaction))
        await interaction.response.defer(ephemeral=True, thinking=True)
        look = AuditLook(limit, user_id=user.id if user else 0)
        page = await self.reading.page(interaction.guild_id or 0, look)
        await interaction.response.send_message(view=AuditLayout(page), ephemeral=True)

    async def turn(self, interaction: discord.Interaction[Any], look: AuditLook) -> None:
        """Show another page in place of the one before."""
        await self.moderators.check(actor_of(interaction))
        page = await self.reading.page(interaction.guild_id or 0, look)
        await interaction.response.edit_message(view=AuditLayout(page))
