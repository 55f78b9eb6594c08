"""The button that shows a prompt whole where its message holds the beginning alone."""

import io
from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.domain.discord_limits import LAYOUT_CHARS
from bot.domain.jobs.job import JobId
from bot.domain.wording.quoting import quoted
from bot.domain.wording.sentences import say
from bot.services.own_jobs import OwnJobs
from cogs.views.permissions import actor_of

_IN_A_FILE = "The prompt is longer than a message may be, so it is in this file."


class Prompt(commands.Cog, name="Prompt"):
    """Turns the button into the words, for whoever pressed it alone."""

    def __init__(self, own_jobs: OwnJobs) -> None:
        self.own_jobs = own_jobs

    async def show(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Show all of a job's prompt."""
        reader = actor_of(interaction)
        prompt = await self.own_jobs.prompt(job_id, reader, interaction.channel_id)
        view, text = ui.LayoutView(timeout=None), quoted(prompt)
        if len(text) <= LAYOUT_CHARS:
            view.add_item(ui.TextDisplay(text))
            await interaction.response.send_message(view=view, ephemeral=True)
            return
        file = discord.File(io.BytesIO(prompt.encode()), filename=f"prompt-{job_id}.txt")
        view.add_item(ui.TextDisplay(say(_IN_A_FILE)))
        view.add_item(ui.File(file))
        await interaction.response.send_message(view=view, files=[file], ephemeral=True)
