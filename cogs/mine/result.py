"""/result: posts a finished result again, in a message that goes when the result is deleted."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.follow_ups.deleting import Deletions
from bot.services.follow_ups.results import Results
from bot.services.own_jobs import OwnJobs
from cogs.views.job_option import job_choices, job_id_of_text
from cogs.views.layouts.result import ResultLayout, result_files
from cogs.views.permissions import asking_of, check_can_post


class Result(commands.Cog):
    """Turns /result into a message with the kept pictures."""

    def __init__(self, own_jobs: OwnJobs, results: Results, deletions: Deletions) -> None:
        self.own_jobs = own_jobs
        self.results = results
        self.deletions = deletions

    @app_commands.command()
    @app_commands.describe(job="Which one; the list shows those whose pictures are kept")
    async def result(self, interaction: discord.Interaction, job: str) -> None:
        """Post one of your finished pictures again."""
        job_id = job_id_of_text(job)
        wanted = await self.own_jobs.result(job_id, interaction.user.id)
        to = wanted.order.destination
        # What was made elsewhere is not shown to others here.
        is_private = to.private or to.guild_id != interaction.guild_id
        if not is_private:
            check_can_post(interaction)
        reply = await interaction.response.defer(ephemeral=is_private, thinking=True)
        if not is_private and reply is not None and reply.message_id is not None:
            # Before it is posted: whoever deletes the result meanwhile finds it, or is found below.
            place = interaction.channel_id or 0, reply.message_id
            await self.deletions.note_copy(job_id, place)
        again = await self.own_jobs.again(
            wanted, interaction.filesize_limit, asking_of(interaction)
        )
        files = result_files(again.job, again.attachments)
        offers = self.results.offers(again.job, again.attachments.pictures)
        view = ResultLayout(again.job, again.system, files, again.attachments, offers)
        await interaction.response.send_message(
            view=view,
            files=files,
            ephemeral=is_private,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        if await self.deletions.is_deleted(job_id):
            await interaction.delete_original_response()

    @result.autocomplete("job")
    async def _suggest(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        finished = self.own_jobs.finished(interaction.user.id)
        return await job_choices(interaction, finished, typed)
