"""/tool: what a chat asks for most often of a picture: larger, wider, from a sketch, an avatar."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.jobs.job import Options
from bot.services.jobs import Jobs
from cogs.making.submission import submit
from cogs.views.options import EngineName, Extend, Prompt, Ratio, Repair, Size, Style, Subject


class Tool(commands.GroupCog, group_name="tool", group_description="Work on a picture"):
    """Turns each tool into a job of the API behind it."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.jobs = jobs

    @app_commands.command()
    @app_commands.describe(
        image="The picture to make larger and sharper",
        engine="What makes the picture; empty = the best one available",
        spoiler="Hide the picture until it is clicked",
        private="Only you see the result",
    )
    async def refine(
        self,
        interaction: discord.Interaction,
        image: discord.Attachment,
        engine: EngineName | None = None,
        spoiler: bool = False,
        private: bool = False,
    ) -> None:
        """Make a picture of yours larger and sharper."""
        await submit(
            interaction,
            self.jobs,
            Options(),
            engine=engine,
            uploads=(image,),
            spoiler=spoiler,
            private=private,
        )

    @app_commands.command()
    @app_commands.describe(
        image="The picture to continue beyond its edges",
        ratio="Width to height it should get; not the one it has",
        extend="Or the side to continue it at; around = all of them",
        prompt="What should be around it, where the engine takes words",
        engine="What makes the picture; empty = the best one available",
        spoiler="Hide the picture until it is clicked",
        private="Only you see the result",
    )
    async def outpaint(
        self,
        interaction: discord.Interaction,
        image: discord.Attachment,
        ratio: Ratio | None = None,
        extend: Extend | None = None,
        prompt: Prompt | None = None,
        engine: EngineName | None = None,
        spoiler: bool = False,
        private: bool = False,
    ) -> None:
        """Continue a picture of yours beyond its edges."""
        await submit(
            interaction,
            self.jobs,
            Options(prompt=prompt or "", ratio=ratio, extend=extend),
            engine=engine,
            uploads=(image,),
            spoiler=spoiler,
            private=private,
        )

    @app_commands.command()
    @app_commands.describe(
        image="The sketch: dark lines on a light ground work best",
        prompt="What it shows and how it should look",
        engine="What makes the picture; empty = the best one available",
        spoiler="Hide the picture until it is clicked",
        private="Only you see the result",
    )
    async def sketch(
        self,
        interaction: discord.Interaction,
        image: discord.Attachment,
        prompt: Prompt,
        engine: EngineName | None = None,
        spoiler: bool = False,
        private: bool = False,
    ) -> None:
        """Turn a sketch of yours into a picture."""
        await submit(
            interaction,
            self.jobs,
            Options(prompt=prompt),
            engine=engine,
            uploads=(image,),
            spoiler=spoiler,
            private=private,
        )

    @app_commands.command()
    @app_commands.describe(
        image="A photo of one person, or of a pet",
        subject="Whom the photo shows",
        style="How it should look, where the engine has styles",
        filter="Refuse photos that make poor avatars: small ones, several or hidden faces",
        engine="What makes the picture; empty = the best one available",
        spoiler="Hide the picture until it is clicked",
        private="Only you see the result",
    )
    async def avatar(
        self,
        interaction: discord.Interaction,
        image: discord.Attachment,
        subject: Subject | None = None,
        style: Style | None = None,
        filter: bool | None = None,  # noqa: A002 - the option's name is the contract
        engine: EngineName | None = None,
        spoiler: bool = False,
        private: bool = False,
    ) -> None:
        """Turn a photo of yours into an avatar."""
        await submit(
            interaction,
            self.jobs,
            Options(subject=subject, style=style, filter=filter),
            engine=engine,
            uploads=(image,),
            spoiler=spoiler,
            private=private,
        )

    @app_commands.command()
    @app_commands.describe(
        image="The picture to enlarge",
        size="How large; empty = twice as large, or as large as it can get",
        engine="What makes the picture; empty = the best one available",
        spoiler="Hide the picture until it is clicked",
        private="Only you see the result",
    )
    async def upscale(
        self,
        interaction: discord.Interaction,
        image: discord.Attachment,
        size: Size | None = None,
        engine: EngineName | None = None,
        spoiler: bool = False,
        private: bool = False,
    ) -> None:
        """Enlarge a picture of yours to twice or four times its size."""
        await submit(
            interaction,
            self.jobs,
            Options(size=size),
            engine=engine,
            uploads=(image,),
            spoiler=spoiler,
            private=private,
        )

    @app_commands.command()
    @app_commands.describe(
        image="The picture to repair",
        repair="What ails it; empty = all that can be repaired",
        engine="What makes the picture; empty = the best one available",
        spoiler="Hide the picture until it is clicked",
        private="Only you see the result",
    )
    async def repair(
        self,
        interaction: discord.Interaction,
        image: discord.Attachment,
        repair: Repair | None = None,
        engine: EngineName | None = None,
        spoiler: bool = False,
        private: bool = False,
    ) -> None:
        """Take noise, blurred faces and darkness out of a photo of yours."""
        await submit(
            interaction,
            self.jobs,
            Options(repair=repair),
            engine=engine,
            uploads=(image,),
            spoiler=spoiler,
            private=private,
        )

    @app_commands.command()
    @app_commands.describe(
        image="The picture to cut out of its background",
        engine="What makes the picture; empty = the best one available",
        spoiler="Hide the picture until it is clicked",
        private="Only you see the result",
    )
    async def cutout(
        self,
        interaction: discord.Interaction,
        image: discord.Attachment,
        engine: EngineName | None = None,
        spoiler: bool = False,
        private: bool = False,
    ) -> None:
        """Cut what a picture of yours shows out of its background."""
        await submit(
            interaction,
            self.jobs,
            Options(),
            engine=engine,
            uploads=(image,),
            spoiler=spoiler,
            private=private,
        )
