"""/styles: which styles an engine has, and what they look like where that was drawn."""

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.discord_limits import (
    ALT_TEXT_CHARS,
    CHOICE_CHARS,
    CHOICES,
    MESSAGE_CHARS,
    MESSAGE_FILES,
)
from bot.domain.engines.engine import Engine
from bot.domain.engines.errors import UnknownEngine
from bot.domain.engines.naming import called, engine_meant, shared_titles
from bot.domain.wording.likeness import most_like
from bot.domain.wording.names import nearest
from bot.domain.wording.quoting import Markup, quoted, shortened
from bot.domain.wording.sentences import say
from bot.services.jobs import Jobs
from bot.services.styles.sheets import Sheet, StyleSheets

_LISTED = "“{engine}” has these styles: {styles}."
_IN_A_FILE = "“{engine}” has {count} styles, more than a message holds, so they are in this file."
_SHOWN = "{label}: the same picture in these styles of “{engine}”: {styles}."


class Styles(commands.Cog):
    """Lists what the `style` option takes, engine by engine."""

    def __init__(self, jobs: Jobs, sheets: StyleSheets) -> None:
        self.jobs = jobs
        self.sheets = sheets

    @app_commands.command()
    @app_commands.describe(engine="Whose styles; the list shows the engines that have some")
    async def styles(
        self, interaction: discord.Interaction, engine: app_commands.Range[str, 1, CHOICE_CHARS]
    ) -> None:
        """List the styles of an engine, with a picture of each where there is one."""
        chosen = self._engine(engine)
        text, files = _listed(chosen)
        sheets = await self.sheets.of(chosen.name)
        files += [_file(chosen, sheet, number) for number, sheet in enumerate(sheets, start=1)]
        await interaction.response.send_message(text, files=files[:MESSAGE_FILES], ephemeral=True)
        for start in range(MESSAGE_FILES, len(files), MESSAGE_FILES):
            more = files[start : start + MESSAGE_FILES]
            await interaction.followup.send(files=more, ephemeral=True)

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


def _listed(engine: Engine) -> tuple[str, list[discord.File]]:
    """Return the names of an engine's styles: as a text, or in a file where they are too many."""
    names = list(engine.capabilities.styles.values())
    listed = Markup(", ".join(quoted(name) for name in names))
    text = say(_LISTED, engine=engine.title, styles=listed)
    if len(text) <= MESSAGE_CHARS:
        return text, []
    file = discord.File(io.BytesIO("\n".join(names).encode()), filename="styles.txt")
    return say(_IN_A_FILE, engine=engine.title, count=len(names)), [file]


def _file(engine: Engine, sheet: Sheet, number: int) -> discord.File:
    """Return a sheet as a file that says what it shows to whoever cannot see it."""
    said = _SHOWN.format(label=sheet.label, engine=engine.title, styles=", ".join(sheet.styles))
    return discord.File(
        io.BytesIO(sheet.picture.data),
        filename=f"styles-{number}.{sheet.picture.extension}",
        description=shortened(said, ALT_TEXT_CHARS),
    )
