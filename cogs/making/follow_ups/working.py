"""Upscale and most of More…: one kept raw picture becomes the input of a job of its own."""

from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.domain.follow_ups.errors import NotYourResult
from bot.domain.follow_ups.kinds import FollowUp
from bot.domain.jobs.job import OWN_UPLOADS, Job, JobId, Lineage
from bot.services.follow_ups.results import Results
from bot.services.jobs import Jobs
from bot.services.uploads import Upload
from cogs.making.follow_ups.picture_form import RESULT_GONE, PictureForm
from cogs.making.follow_ups.restyling import Restyling
from cogs.making.submission import check_may_ask, submit_plan
from cogs.views.follow_ups import WhichSelect, name_of
from cogs.views.permissions import actor_of

_WHICH = "This result has several pictures. Which one is meant?"


class FollowUps(commands.Cog, name="FollowUps"):
    """What the buttons and selects under a result reach for."""

    def __init__(self, jobs: Jobs, results: Results) -> None:
        self.jobs = jobs
        self.results = results
        self._restyling = Restyling(jobs, results)

    async def begin(
        self, interaction: discord.Interaction[Any], job_id: JobId, kind: FollowUp
    ) -> None:
        """Make a follow-up of a result, or ask first which of its pictures is meant."""
        await check_may_ask(interaction, self.jobs)
        job = await self.results.kept(job_id, actor_of(interaction))
        self.results.request(kind, job)
        if len(job.outputs) > 1:
            view = ui.View(timeout=None).add_item(WhichSelect.of(job.id, kind, len(job.outputs)))
            await interaction.response.send_message(_WHICH, view=view, ephemeral=True)
            return
        await self._make(interaction, job, kind, 0)

    async def work_on(
        self, interaction: discord.Interaction[Any], job_id: JobId, kind: FollowUp, number: int
    ) -> None:
        """Make a follow-up of one picture of a result; `number` counts from 0."""
        job = await self.results.kept(job_id, actor_of(interaction))
        if job.outputs and not 0 <= number < len(job.outputs):
            raise NotYourResult  # no select of ours offers it
        await self._make(interaction, job, kind, number)

    async def _make(
        self, interaction: discord.Interaction[Any], job: Job, kind: FollowUp, number: int
    ) -> None:
        picture = await self.results.picture(job, number)
        if kind is FollowUp.RESTYLE:
            form = await self._restyling.form(actor_of(interaction), job, number, picture)
            await interaction.response.send_modal(form)
            return
        if picture is None:
            await interaction.response.send_modal(self._picture_form(job, kind))
            return
        claim = await self.results.claim(interaction.user.id, job, kind, number)
        lineage = Lineage(job.id, job.order.is_modified)
        await self._submit(interaction, job, kind, picture, lineage, claim)

    async def _submit(
        self,
        interaction: discord.Interaction[Any],
        job: Job,
        kind: FollowUp,
        picture: Upload | discord.Attachment,
        lineage: Lineage,
        claim: str | None = None,
    ) -> None:
        to = job.order.destination
        plan = self.results.plan(self.results.request(kind, job), picture.size, lineage, claim)
        await submit_plan(
            interaction,
            self.jobs,
            plan,
            uploads=[picture],
            spoiler=to.spoiler,
            private=to.private,
        )

    def _picture_form(self, job: Job, kind: FollowUp) -> PictureForm:
        async def then(
            interaction: discord.Interaction[Any], pictures: list[discord.Attachment]
        ) -> None:
            await self._submit(interaction, job, kind, pictures[0], OWN_UPLOADS)

        return PictureForm(name_of(kind), RESULT_GONE, 1, then)
