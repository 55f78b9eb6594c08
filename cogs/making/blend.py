"""/blend: one picture from several."""

from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.jobs.job import Options
from bot.services.jobs import Jobs
from cogs.making.blend_form import BlendForm, BlendRequest
from cogs.making.submission import check_may_ask, submit
from cogs.views.options import EngineName, Prompt, Ratio, Seed, Size
from cogs.views.permissions import check_can_post

_STILL_OPEN = "…"  # stands in for the prompt that the form will ask for
_NOT_THERE_YET = 0  # bytes of the picture that it will ask for


class Blend(commands.Cog):
    """Turns /blend into a job, by a form where no picture was given."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs

    @app_commands.command()
    @app_commands.describe(
        prompt="What to make of the pictures",
        image1="A picture; leave all four empty to hand in more of them in a form",
        image2="A second picture",
        image3="A third picture",
        image4="A fourth picture",
        engine="What makes the picture; empty = the best one available",
        ratio="Width to height",
        size="Size or resolution, as the engine names it",
        seed="The same number gives a similar picture again",
        spoiler="Hide the picture until it is clicked",
        private="Only you see the result",
    )
    async def blend(
        self,
        interaction: discord.Interaction,
        prompt: Prompt | None = None,
        image1: discord.Attachment | None = None,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        image4: discord.Attachment | None = None,
        engine: EngineName | None = None,
        ratio: Ratio | None = None,
        size: Size | None = None,
        seed: Seed | None = None,
        spoiler: bool = False,
        private: bool = False,
    ) -> None:
        """Make one picture from several of yours."""
        options = Options(prompt=prompt or "", ratio=ratio, size=size, seed=seed)
        request = BlendRequest(options, engine, spoiler, private)
        images = [image for image in (image1, image2, image3, image4) if image is not None]
        if not images:
            await self._ask(interaction, request)
            return
        await submit(
            interaction,
            self.jobs,
            options,
            engine=engine,
            uploads=images,
            spoiler=spoiler,
            private=private,
        )

    async def _ask(self, interaction: discord.Interaction, request: BlendRequest) -> None:
        """Open the form; what cannot come to anything is refused before it is filled in."""
        options = replace(request.options, prompt=request.options.prompt or _STILL_OPEN)
        plan = self.jobs.plan("blend", request.engine, options, [_NOT_THERE_YET])
        if not request.private:
            check_can_post(interaction)
        await check_may_ask(interaction, self.jobs, private=request.private)
        await interaction.response.send_modal(BlendForm(self.jobs, request, plan.choices))
