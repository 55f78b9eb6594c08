"""The Again button's work: the same request once more, with a new upload for what is gone."""

from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.domain.discord_limits import TOKEN_LIFE_S, UPLOADED_FILES
from bot.domain.jobs.job import Job, JobId
from bot.services.jobs import Jobs
from bot.services.own_jobs import Repeats
from bot.services.uploads import Upload
from cogs.making.submission import submit

_GONE = "The picture you gave is no longer kept. Hand it in once more; the rest stays as it was."


class Again(commands.Cog, name="Again"):
    """What the buttons of old messages reach for."""

    def __init__(self, jobs: Jobs, repeats: Repeats) -> None:
        self.jobs = jobs
        self.repeats = repeats

    async def repeat(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Submit a job anew, or ask for its picture in a form."""
        job = await self.repeats.original(job_id, interaction.user.id)
        inputs = await self.repeats.inputs(job)
        if inputs is None:
            await interaction.response.send_modal(_UploadForm(self, job))
            return
        await self.submit(interaction, job, inputs)

    async def submit(
        self,
        interaction: discord.Interaction[Any],
        job: Job,
        uploads: list[Upload] | list[discord.Attachment],
    ) -> None:
        """Submit a job anew with these pictures."""
        order = job.order
        plan = self.jobs.plan_again(order, [upload.size for upload in uploads])
        await submit(
            interaction,
            self.jobs,
            plan.options,
            engine=plan.engine.name,
            command=order.command,
            uploads=uploads,
            spoiler=order.destination.spoiler,
            private=order.destination.private,
        )


class _UploadForm(ui.Modal, title="Again"):
    """Takes the pictures of a job whose own are no longer kept."""

    def __init__(self, cog: Again, job: Job) -> None:
        super().__init__(timeout=TOKEN_LIFE_S)  # who closes a form tells nobody
        self._cog = cog
        self._job = job
        most = UPLOADED_FILES if job.order.command == "blend" else 1
        self._pictures: ui.FileUpload[Any] = ui.FileUpload(
            custom_id="pictures", min_values=1, max_values=most
        )
        self.add_item(ui.TextDisplay(_GONE))
        self.add_item(ui.Label(text="Picture", component=self._pictures))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Submit the job with the new pictures."""
        await self._cog.submit(interaction, self._job, self._pictures.values)
