"""Prompts with choices: the question before them, and the jobs that a yes comes to."""

from dataclasses import replace
from typing import Any

import aiohttp
import discord
import structlog
from discord.ext import commands

from bot.domain.jobs.job import Job, JobId, Options, job_id_of
from bot.domain.jobs.line import Standing
from bot.domain.members.wishes import Wish
from bot.domain.storage_errors import StorageUnavailable
from bot.services.permutations import Permutations
from cogs.making.offer import AnsweredLayout, OfferLayout
from cogs.making.submission import destination_of
from cogs.views.layouts.waiting import WaitingLayout
from cogs.views.permissions import asking_of, check_can_post

_log = structlog.get_logger(__name__)


class PermutationAnswers(commands.Cog, name="Permutations"):
    """What the buttons under the question reach for."""

    def __init__(self, permutations: Permutations) -> None:
        self.permutations = permutations

    async def accept(self, interaction: discord.Interaction[Any], request_id: str) -> None:
        """Accept all jobs of a request, then give each a message of its own."""
        request = await self.permutations.waiting(request_id, interaction.user.id)
        if not request.private:
            check_can_post(interaction)
        asking = asking_of(interaction, private=request.private, is_told=request.private)
        await self.permutations.gate.check_early(asking, *self.permutations.plans_of(request))
        await interaction.response.defer()
        to = destination_of(interaction, None, spoiler=request.spoiler, private=request.private)
        # The press has an id of its own: these follow it, one for each job.
        job_ids = [job_id_of(interaction.id + number) for number in range(len(request.prompts))]
        async with self.permutations.accepted(request, job_ids, to, asking) as jobs:
            for job, standing in jobs:
                await self._show(interaction, job, standing)
            await interaction.response.edit_message(view=AnsweredLayout(request))

    async def give_up(self, interaction: discord.Interaction[Any], request_id: str) -> None:
        """Forget a request."""
        await self.permutations.give_up(request_id, interaction.user.id)
        await interaction.response.edit_message(view=AnsweredLayout(None))

    async def _show(
        self, interaction: discord.Interaction[Any], job: Job, standing: Standing
    ) -> None:
        """Give a job its message; without one it starts by itself, and its result is a new one."""
        try:
            message = await interaction.followup.send(
                view=WaitingLayout(job, standing),
                ephemeral=job.order.destination.private,
                allowed_mentions=discord.AllowedMentions.none(),
                wait=True,
            )
            if not await self.permutations.show_in(job.id, message.id):
                await message.delete()
        except (discord.HTTPException, aiohttp.ClientError, OSError, StorageUnavailable) as error:
            _log.warning("job_without_message", job=job.id, reason=repr(error))


async def ask(
    interaction: discord.Interaction[Any],
    permutations: Permutations,
    options: Options,
    prompts: tuple[str, ...],
    *,
    engine: str | None,
    spoiler: bool,
    private: bool,
) -> None:
    """Ask whether all of that is wanted; what memory can refuse is refused before."""
    wish = Wish("imagine", engine, replace(options, prompt=max(prompts, key=len)))
    asking = asking_of(interaction, private=private, is_told=private)
    plans = await permutations.plan_at_best(wish, prompts, asking.actor)
    if not private:
        check_can_post(interaction)
    await permutations.gate.check_early(asking, *plans)
    await interaction.response.defer(ephemeral=True, thinking=True)
    plans = await permutations.plan_wish(wish, prompts, asking.actor)
    request_id = JobId(job_id_of(interaction.id))
    offer = await permutations.offer(request_id, plans, asking, spoiler=spoiler)
    await interaction.response.send_message(view=OfferLayout(offer), ephemeral=True)
