"""/cancel: ends a job of one's own, or as a moderator anybody's in the server."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.own_jobs import OwnJobs
from cogs.mine.cancel_button import COG, cancel
from cogs.views.job_option import job_choices, job_id_of_text


class Cancel(commands.Cog, name=COG):
    """Turns /cancel and the Cancel button into the service's cancel."""

    def __init__(self, own_jobs: OwnJobs) -> None:
        self.own_jobs = own_jobs

    @app_commands.command()
    @app_commands.describe(job="Which one; the list shows those that wait or are being made")
    async def cancel(self, interaction: discord.Interaction, job: str) -> None:
        """Cancel a picture that waits or is being made."""
        await cancel(interaction, self.own_jobs, job_id_of_text(job))

    @cancel.autocomplete("job")
    async def _suggest(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        live = self.own_jobs.live(interaction.user.id)
        return await job_choices(interaction, live, typed)
