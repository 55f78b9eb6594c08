"""/imagine: a picture from words."""

from dataclasses import replace
from typing import TypedDict

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.jobs.job import Options
from bot.domain.permutations.prompts import prompts_of
from bot.services.jobs import Jobs
from bot.services.permutations import Permutations
from cogs.making.permutations import ask
from cogs.making.submission import submit
from cogs.views.options import Background, EngineName, Prompt, Ratio, Seed, Size, Style


class _How(TypedDict):
    engine: str | None
    spoiler: bool
    private: bool


class Imagine(commands.Cog):
    """Turns /imagine into a job, or into a question where its prompt has choices."""

    def __init__(self, jobs: Jobs, permutations: Permutations) -> None:
        self.jobs = jobs
        self.permutations = permutations

    @app_commands.command()
    @app_commands.describe(
        prompt="What the picture should show; {red,blue} makes one picture of each",
        engine="What makes the picture; empty = the best one available",
        style="How it should look, where the engine has styles",
        negative="What should not be in it",
        ratio="Width to height",
        size="Size or resolution, as the engine names it",
        seed="The same number gives a similar picture again",
        count="How many pictures",
        improve="May the engine reword the prompt? Empty = as it does by itself",
        background="What is behind what is shown, where an engine leaves it out",
        spoiler="Hide the picture until it is clicked",
        private="Only you see the result",
    )
    async def imagine(
        self,
        interaction: discord.Interaction,
        prompt: Prompt,
        engine: EngineName | None = None,
        style: Style | None = None,
        negative: str | None = None,
        ratio: Ratio | None = None,
        size: Size | None = None,
        seed: Seed | None = None,
        count: app_commands.Range[int, 1, 9] = 1,
        improve: bool | None = None,
        background: Background | None = None,
        spoiler: bool = False,
        private: bool = False,
    ) -> None:
        """Make a picture from words."""
        options = Options(
            prompt=prompt,
            negative=negative,
            style=style,
            ratio=ratio,
            size=size,
            seed=seed,
            count=count,
            improve=improve,
            background=background,
        )
        prompts = prompts_of(prompt, each=count)
        how = _How(engine=engine, spoiler=spoiler, private=private)
        if len(prompts) > 1:
            await ask(interaction, self.permutations, options, prompts, **how)
        else:
            options = replace(options, prompt=prompts[0])
            await submit(interaction, self.jobs, options, **how)
