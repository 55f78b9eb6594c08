"""The Again button: the same request once more, with a new upload where the old one is gone."""

import re
from typing import Any, Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.domain.jobs.job import Job, JobId
from bot.services.jobs import Jobs
from bot.services.repeats import Repeats
from bot.services.uploads import Upload
from cogs.making.submission import submit

_COG = "Again"
_FILES = 10  # a file upload takes at most so many (Discord docs, 2026-08)
_OPEN_S = 15 * 60  # who closes a form tells nobody, so it is not kept for ever
_GONE = "The picture you gave is no longer kept. Hand it in once more; the rest stays as it was."


class Again(commands.Cog, name=_COG):
    """What the buttons of old messages reach for."""

    def __init__(self, jobs: Jobs, repeats: Repeats) -> None:
        self.jobs = jobs
        self.repeats = repeats


class _Services(Protocol):
    jobs: Jobs
    repeats: Repeats


class AgainButton(ui.DynamicItem[ui.Button[Any]], template=r"easel:again:(?P<job>[0-9a-z]{13})"):
    """Asks for the same again; works for who asked, also after a restart."""

    def __init__(self, job_id: JobId, label: str = "Again") -> None:
        super().__init__(ui.Button(label=label, custom_id=f"easel:again:{job_id}"))
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id."""
        return cls(JobId(match["job"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Submit the job anew, or ask for its picture in a form."""
        repeats = _services(interaction).repeats
        job = await repeats.original(self.job_id, interaction.user.id)
        inputs = await repeats.inputs(job)
        if inputs is None:
            await interaction.response.send_modal(_UploadForm(job))
            return
        await _submit(interaction, job, inputs)


class _UploadForm(ui.Modal, title="Again"):
    """Capabilities the pictures of a job whose own are no longer kept."""

    def __init__(self, job: Job) -> None:
        super().__init__(timeout=_OPEN_S)
        self._job = job
        most = _FILES if job.order.command == "blend" else 1
        self._pictures: ui.FileUpload[Any] = ui.FileUpload(
            custom_id="pictures", min_values=1, max_values=most
        )
        self.add_item(ui.TextDisplay(_GONE))
        self.add_item(ui.Label(text="Picture", component=self._pictures))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Submit the job with the new pictures."""
        await _submit(interaction, self._job, self._pictures.values)


async def _submit(
    interaction: discord.Interaction[Any],
    job: Job,
    uploads: list[Upload] | list[discord.Attachment],
) -> None:
    order, jobs = job.order, _services(interaction).jobs
    plan = jobs.plan_again(order, [upload.size for upload in uploads])
    await submit(
        interaction,
        jobs,
        plan.options,
        engine=plan.engine.name,
        command=order.command,
        uploads=uploads,
        spoiler=order.destination.spoiler,
        private=order.destination.private,
    )


def _services(interaction: discord.Interaction[Any]) -> _Services:
    client = cast("commands.Bot", interaction.client)
    return cast("_Services", client.get_cog(_COG))
