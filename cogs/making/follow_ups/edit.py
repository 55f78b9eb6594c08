"""Edit, Choose another engine and Restyle this: a request filled into a form, to be put anew."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
from discord.ext import commands

from bot.domain.discord_limits import UPLOADED_FILES
from bot.domain.engines.engine import Engine
from bot.domain.jobs.errors import PicturesGone
from bot.domain.jobs.job import OWN_UPLOADS, Job, JobId, Options
from bot.services.follow_ups.results import Results
from bot.services.jobs import Jobs
from bot.services.uploads import Upload
from cogs.making.follow_ups.again import lineage_of
from cogs.making.follow_ups.form_parts import (
    EnginePart,
    Part,
    PromptPart,
    RatioPart,
    SeedPart,
    StylePart,
)
from cogs.making.follow_ups.request_form import RequestForm, pictures_field
from cogs.making.submission import check_may_ask, submit
from cogs.views.permissions import actor_of

_EDIT = "Edit"
_ENGINES = "Choose another engine"


class Edit(commands.Cog, name="Edit"):
    """What the Edit button reaches for."""

    def __init__(self, jobs: Jobs, results: Results) -> None:
        self.jobs = jobs
        self.results = results

    async def edit(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Open the form that is filled in from a job."""
        await check_may_ask(interaction, self.jobs)
        job = await self.results.original(job_id, actor_of(interaction))
        engine = self.results.engine_to_edit(job)
        inputs = await self.results.inputs(job)
        presets = await preset_names(self.jobs, interaction.guild_id)
        await interaction.response.send_modal(self._form(job, engine, inputs, presets))

    async def edit_engine(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Open the same form with the engines to choose from, for the words alone."""
        await check_may_ask(interaction, self.jobs)
        job = await self.results.original(job_id, actor_of(interaction))
        engines = self.results.engines_for(job)
        # Where none of them is theirs, what they send says so.
        engines = await self.jobs.gate.usable(engines, actor_of(interaction)) or engines
        inputs = await self.results.inputs(job)
        choice = EnginePart(engines)

        async def then(
            interaction: discord.Interaction[Any],
            options: Options,
            files: list[discord.Attachment],
        ) -> None:
            [engine] = [each for each in engines if each.name == choice.chosen]
            filled = replace(self.results.filled(engine, job), prompt=options.prompt)
            await self._submit(interaction, job, engine, filled, files)

        widest = max(engines, key=lambda engine: engine.capabilities.prompt_max)
        parts: list[Part] = [choice]
        if widest.capabilities.prompt_max:
            parts.insert(0, PromptPart(widest, job.order.options))
        pictures = _pictures_of(widest, job, inputs)
        form = RequestForm(_ENGINES, job.order.options, parts, then, pictures)
        await interaction.response.send_modal(form)

    def _form(
        self, job: Job, engine: Engine, inputs: list[Upload] | None, presets: Sequence[str]
    ) -> RequestForm:
        async def then(
            interaction: discord.Interaction[Any],
            options: Options,
            files: list[discord.Attachment],
        ) -> None:
            await self._submit(interaction, job, engine, options, files)

        options = self.results.filled(engine, job)
        parts = parts_of(engine, options, has_pictures=inputs != [], presets=presets)
        return RequestForm(_EDIT, options, parts, then, _pictures_of(engine, job, inputs))

    async def _submit(
        self,
        interaction: discord.Interaction[Any],
        job: Job,
        engine: Engine,
        options: Options,
        files: list[discord.Attachment],
    ) -> None:
        kept = await self.results.inputs(job)
        uploads, lineage = _uploads(job, kept, files), OWN_UPLOADS
        if not files:
            lineage = lineage_of(job)
        # A picture makes another command of one that has none.
        command = "restyle" if files and job.order.command == "imagine" else job.order.command
        style_image = options.style_image and len(uploads) > 1
        to = job.order.destination
        await submit(
            interaction,
            self.jobs,
            replace(options, style_image=style_image),
            engine=engine.name,
            command=command,
            uploads=uploads,
            lineage=lineage,
            has_defaults=False,
            spoiler=to.spoiler,
            private=to.private,
        )


async def preset_names(jobs: Jobs, guild_id: int | None) -> list[str]:
    """Return the names of a server's presets for a form, which cannot wait for them long."""
    return [each.name for each in await jobs.wishes.presets.remembered(guild_id)]


def parts_of(
    engine: Engine, options: Options, *, has_pictures: bool, presets: Sequence[str] = ()
) -> list[Part]:
    """Return the parts of a form for what an engine takes; at most four, pictures come after."""
    takes = engine.capabilities
    beside = set(takes.only_without_picture) if has_pictures else set()
    parts: list[Part] = []
    if takes.prompt_max:
        parts.append(PromptPart(engine, options))
    own = presets if takes.prompt_max else ()  # their words go into the prompt
    styles = takes.styles_for(options.subject) if "style" not in beside else {}
    if styles or own:
        parts.append(StylePart(styles, options, own))
    if len(takes.ratios) > 1 and "ratio" not in beside and options.extend is None:
        parts.append(RatioPart(engine, options))
    if takes.seed and options.seed is not None:
        parts.append(SeedPart())
    return parts


def _pictures_of(engine: Engine, job: Job, inputs: list[Upload] | None) -> Any:
    takes, command = engine.capabilities, job.order.command
    if not takes.references or (command == "imagine" and "restyle" not in takes.commands):
        return None
    most = min(takes.references, UPLOADED_FILES) if command == "blend" else 1
    if inputs is None and job.order.options.style_image:
        most = 2
    return pictures_field(most, had=inputs != [], is_gone=inputs is None)


def _uploads(
    job: Job, kept: list[Upload] | None, files: list[discord.Attachment]
) -> Sequence[Upload | discord.Attachment]:
    """Return the new pictures, else the kept ones; one that shows the style stays where it was."""
    if not files:
        if kept is None:
            raise PicturesGone(job=job.id)
        return kept
    if job.order.options.style_image and kept and len(files) == 1:
        return [*files, kept[-1]]
    return files
