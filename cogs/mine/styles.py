"""/styles: which styles an engine has."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.discord_limits import CHOICE_CHARS, CHOICES, MESSAGE_CHARS
from bot.domain.engines.engine import Engine
from bot.domain.engines.errors import UnknownEngine
from bot.domain.engines.naming import called, engine_meant, shared_titles
from bot.domain.wording.likeness import most_like
from bot.domain.wording.names import nearest
from bot.domain.wording.quoting import Markup, quoted, shortened
from bot.domain.wording.sentences import say
from bot.services.jobs import Jobs

_LISTED = "“{engine}” has these styles: {styles}."
_IN_A_FILE = "“{engine}” has {count} styles, more than a message holds, so they are in this file."


class Styles(commands.Cog):
    """Lists what the `style` option takes, engine by engine."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs

    @app_commands.command()
    @app_commands.describe(engine="Whose styles; the list shows the engines that have some")
    async def styles(
        self, interaction: discord.Interaction, engine: app_commands.Range[str, 1, CHOICE_CHARS]
    ) -> None:
        """List the styles of an engine."""
        chosen = self._engine(engine)
        names = list(chosen.capabilities.styles.values())
        listed = Markup(", ".join(quoted(name) for name in names))
        text = say(_LISTED, engine=chosen.title, styles=listed)
        if len(text) <= MESSAGE_CHARS:
            await interaction.response.send_message(text, ephemeral=True)
            return
        file = discord.File(io.BytesIO("\n".join(names).encode()), filename="styles.txt")
        text = say(_IN_A_FILE, engine=chosen.title, count=len(names))
        await interaction.response.send_message(text, file=file, ephemeral=True)

    @styles.autocomplete("engine")
    async def _suggest(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        engines = self.jobs.styled_engines()
        shared = shared_titles(engines)
        labelled = [(called(engine, shared), engine.name) for engine in engines]
        found = most_like(typed, labelled, " ".join)
        return [
            app_commands.Choice(name=shortened(label, CHOICE_CHARS), value=name)
            for label, name in found[:CHOICES]
        ]

    def _engine(self, typed: str) -> Engine:
        known = {engine.name: engine for engine in self.jobs.styled_engines()}
        found = engine_meant(typed, known)
        if found is None:
            raise UnknownEngine(engine=typed, command="styles", known=nearest(typed, list(known)))
        return found
