"""The Again button's work: the same request once more, with a new upload for what is gone."""

from dataclasses import replace
from typing import Any

import discord
from discord.ext import commands

from bot.domain.jobs.job import OWN_UPLOADS, Job, JobId, Lineage
from bot.services.follow_ups.results import Results
from bot.services.jobs import Jobs
from bot.services.uploads import Upload
from cogs.making.follow_ups.picture_form import ANOTHER, GONE, PictureForm, most_pictures
from cogs.making.submission import check_may_ask, submit_plan
from cogs.views.permissions import actor_of

_AGAIN = "Again"
_WITH_ANOTHER = "Another picture"


class Again(commands.Cog, name="Again"):
    """What the buttons of old messages reach for."""

    def __init__(self, jobs: Jobs, results: Results) -> None:
        self.jobs = jobs
        self.results = results

    async def repeat(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Submit a job anew, or ask for its picture in a form."""
        await check_may_ask(interaction, self.jobs)
        job = await self.results.original(job_id, actor_of(interaction))
        inputs = await self.results.inputs(job)
        if inputs is None:
            await interaction.response.send_modal(self._form(job, _AGAIN, GONE))
            return
        await self.submit(interaction, job, inputs, lineage_of(job))

    async def ask_picture(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Ask in a form for another picture, which the same is done with."""
        await check_may_ask(interaction, self.jobs)
        job = await self.results.original(job_id, actor_of(interaction))
        await interaction.response.send_modal(self._form(job, _WITH_ANOTHER, ANOTHER))

    async def submit(
        self,
        interaction: discord.Interaction[Any],
        job: Job,
        uploads: list[Upload] | list[discord.Attachment],
        lineage: Lineage = OWN_UPLOADS,
    ) -> None:
        """Submit a job anew with these pictures."""
        to = job.order.destination
        plan = self.jobs.plan_again(job.order, [upload.size for upload in uploads])
        await submit_plan(
            interaction,
            self.jobs,
            replace(plan, lineage=lineage),
            uploads=uploads,
            spoiler=to.spoiler,
            private=to.private,
        )

    def _form(self, job: Job, title: str, sentence: str) -> PictureForm:
        async def then(
            interaction: discord.Interaction[Any], pictures: list[discord.Attachment]
        ) -> None:
            await self.submit(interaction, job, pictures)

        return PictureForm(title, sentence, most_pictures(job), then)


def lineage_of(job: Job) -> Lineage:
    """Return where a job's pictures came from, for one that is made of the same."""
    return Lineage(job.order.parent, job.order.is_modified)
