"""/restyle: a picture from a picture."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.jobs.job import Options
from bot.services.jobs import Jobs
from cogs.making.submission import submit
from cogs.views.options import EngineName, Prompt, Ratio, Seed, Size, Strength, Style


class Restyle(commands.Cog):
    """Turns /restyle into a job."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs

    @app_commands.command()
    @app_commands.describe(
        image="The picture to work on",
        prompt="What it should become",
        style_image="A picture that shows how it should look",
        style="How it should look",
        strength="0.01 = nearly the same picture, 1 = a new one; 0.6 to 0.8 is usual",
        negative="What should not be in it",
        ratio="Width to height",
        size="Size or resolution, as the engine names it",
        seed="The same number gives a similar picture again",
        enhance="Sharpen the result (slower)",
        improve="May the engine reword the prompt? Empty = as it does by itself",
        faces="Restore up to this many small faces (slower)",
        engine="What makes the picture; empty = the best one available",
        spoiler="Hide the picture until it is clicked",
        private="Only you see the result",
    )
    async def restyle(
        self,
        interaction: discord.Interaction,
        image: discord.Attachment,
        prompt: Prompt | None = None,
        style_image: discord.Attachment | None = None,
        style: Style | None = None,
        strength: Strength | None = None,
        negative: str | None = None,
        ratio: Ratio | None = None,
        size: Size | None = None,
        seed: Seed | None = None,
        enhance: bool | None = None,
        improve: bool | None = None,
        faces: app_commands.Range[int, 0, 6] | None = None,
        engine: EngineName | None = None,
        spoiler: bool = False,
        private: bool = False,
    ) -> None:
        """Turn a picture of yours into another."""
        options = Options(
            prompt=prompt or "",
            negative=negative,
            style=style,
            strength=strength,
            ratio=ratio,
            size=size,
            seed=seed,
            enhance=enhance,
            faces=faces,
            improve=improve,
            style_image=style_image is not None,
        )
        await submit(
            interaction,
            self.jobs,
            options,
            engine=engine,
            uploads=(image,) if style_image is None else (image, style_image),
            spoiler=spoiler,
            private=private,
        )
