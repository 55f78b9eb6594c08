"""What members tell moderators of: a refusal they think wrong, a picture that troubles them."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.jobs.job import JobId
from bot.domain.wording.sentences import say
from bot.services.members.reports import Reports
from cogs.views.messages import job_of
from cogs.views.permissions import actor_of

_ASKED = (
    "The moderators were told, with your prompt. What they do about it is up to them; nothing "
    "changes by itself."
)


_REPORTED = (
    "The moderators were told of this picture, and that it was you. Nobody else reads of it, and "
    "what they do about it is up to them."
)


class ReportCommands(commands.Cog, name="Reports"):
    """Turns a button and a message's menu into lines in the moderators' channel."""

    def __init__(self, reports: Reports) -> None:
        self.reports = reports
        # The library takes menus of no cog's methods by itself: the client asks for these.
        self.menus = (app_commands.ContextMenu(name="Report picture", callback=self.report),)

    async def report(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Report a result to the moderators, whoever it troubles."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        shown = message.channel.id, message.id
        await self.reports.report(job_of(interaction, message), actor_of(interaction), shown)
        await interaction.response.send_message(say(_REPORTED), ephemeral=True)

    async def ask(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Ask the moderators to look at a refusal by review."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.reports.ask(job_id, actor_of(interaction))
        await interaction.response.send_message(say(_ASKED), ephemeral=True)
