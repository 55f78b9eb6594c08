"""Restyle this: the form that says what a kept picture is to become."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.domain.engines.plans import Plan
from bot.domain.follow_ups.kinds import FollowUp
from bot.domain.jobs.job import OWN_UPLOADS, Job, Lineage, Options
from bot.domain.members.actor import Actor
from bot.services.follow_ups.results import Results
from bot.services.jobs import Jobs
from bot.services.uploads import Upload
from cogs.making.follow_ups.edit import parts_of, preset_names
from cogs.making.follow_ups.request_form import RequestForm, pictures_field
from cogs.making.submission import submit
from cogs.views.follow_ups import name_of

_COMMAND = "restyle"

Check = Callable[[discord.Interaction[Any]], Awaitable[object]]


class Restyling:
    """Opens the form for one picture of a result, and submits what it says."""

    def __init__(self, jobs: Jobs, results: Results) -> None:
        self._jobs = jobs
        self._results = results

    async def form(
        self,
        actor: Actor,
        job: Job,
        number: int,
        picture: Upload | None,
        *,
        check: Check | None = None,
    ) -> RequestForm:
        """Return the form for the engine that /restyle takes of theirs; raises NoEngineForThat.

        `check` raises why what was allowed when it opened is not any more when it is sent.
        """
        request = self._results.request(FollowUp.RESTYLE, job)
        permit = await self._jobs.gate.permit_soon(actor)
        engine = permit(Plan(request.command, request.choices, has_uploads=True)).engine

        async def then(
            interaction: discord.Interaction[Any],
            options: Options,
            files: list[discord.Attachment],
        ) -> None:
            if check is not None and not files:
                await check(interaction)
            await self._submit(interaction, job, number, (engine.name, options), files)

        presets = await preset_names(self._jobs, actor.guild_id)
        parts = parts_of(engine, Options(), has_pictures=True, presets=presets)
        other = pictures_field(1, had=True, is_gone=True) if picture is None else None
        return RequestForm(name_of(FollowUp.RESTYLE), Options(), parts, then, other)

    async def _submit(
        self,
        interaction: discord.Interaction[Any],
        job: Job,
        number: int,
        asked: tuple[str, Options],
        files: list[discord.Attachment],
    ) -> None:
        upload: Upload | discord.Attachment
        if files:
            upload, lineage = files[0], OWN_UPLOADS
        else:
            upload = await self._results.picture_or_raise(job, number)
            lineage = Lineage(job.id, job.order.is_modified)
        engine, options = asked
        to = job.order.destination
        await submit(
            interaction,
            self._jobs,
            options,
            engine=engine,
            command=_COMMAND,
            uploads=[upload],
            lineage=lineage,
            has_defaults=False,
            spoiler=to.spoiler,
            private=to.private,
        )
