"""The yardstick: a bare discord.py bot that has Easel's two commands and only defers."""

import os

import discord
from discord import app_commands
from discord.ext import commands


class Bare(commands.AutoShardedBot):
    """Defers, and does nothing else."""

    async def setup_hook(self) -> None:
        """Register the commands."""
        self.tree.add_command(imagine)
        self.tree.add_command(restyle)
        await self.tree.sync()


@app_commands.command()
async def imagine(interaction: discord.Interaction, prompt: str) -> None:
    """Defer."""
    del prompt
    await interaction.response.defer(thinking=True)


@app_commands.command()
async def restyle(
    interaction: discord.Interaction, image: discord.Attachment, prompt: str | None = None
) -> None:
    """Defer."""
    del image, prompt
    await interaction.response.defer(thinking=True)


def main() -> None:
    """Run until it is told to stop."""
    discord.http.Route.BASE = os.environ["EASEL_DISCORD_API"]
    bot = Bare(commands.when_mentioned, intents=discord.Intents(guilds=True))
    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
