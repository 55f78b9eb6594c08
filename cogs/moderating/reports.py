"""What members tell moderators of: a refusal they think wrong, a picture that troubles them."""

from typing import Any

import discord
from discord.ext import commands

from bot.domain.jobs.job import JobId
from bot.domain.wording.sentences import say
from bot.services.members.reports import Reports
from cogs.views.permissions import actor_of

_ASKED = (
    "The moderators were told, with your prompt. What they do about it is up to them; nothing "
    "changes by itself."
)


class ReportCommands(commands.Cog, name="Reports"):
    """Turns a button and a message's menu into lines in the moderators' channel."""

    def __init__(self, reports: Reports) -> None:
        self.reports = reports

    async def ask(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Ask the moderators to look at a refusal by review."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.reports.ask(job_id, actor_of(interaction))
        await interaction.response.send_message(say(_ASKED), ephemeral=True)
