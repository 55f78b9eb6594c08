"""Suggestions for the `engine` option: each with its price and what it is good for."""

import discord
from discord import app_commands

from bot.domain.discord_limits import CHOICE_CHARS, CHOICES
from bot.domain.engines.engine import Engine
from bot.domain.engines.naming import PARTED, shared_titles
from bot.domain.wording.likeness import most_like
from bot.domain.wording.quoting import shortened
from cogs.views.suggesting.filled import Filled
from cogs.views.suggesting.labels import engine_label


class SuggestedEngine(app_commands.Transformer):
    """An engine's name, however it is typed; the catalogue knows its title and its label as well.

    Suggested are, whichever was chosen so far, those that take the rest, where there are any.
    """

    @property
    def max_value(self) -> int:
        """The most characters; a label has no more."""
        return CHOICE_CHARS

    async def transform(self, _: discord.Interaction, value: str, /) -> str:
        """Pass the text on: suggestions do not restrict it, so the service checks it."""
        return value

    async def autocomplete(  # type: ignore[override] # the library's union of int, float and str
        self, interaction: discord.Interaction, value: str, /
    ) -> list[app_commands.Choice[str]]:
        """Return the engines that are like the typed text, most like it first."""
        filled = await Filled.permitted(interaction, without="engine")
        taking = filled.meant or filled.engines
        taking = sorted(taking, key=lambda engine: engine is not filled.preferred)
        shared = shared_titles(filled.engines)
        labelled = [(engine, engine_label(engine, filled.options, shared)) for engine in taking]
        found = most_like(value, labelled, _searched)
        return [
            app_commands.Choice(name=shortened(label, CHOICE_CHARS), value=engine.name)
            for engine, label in found[:CHOICES]
        ]


def _searched(labelled: tuple[Engine, str]) -> str:
    engine, label = labelled
    return PARTED.join((engine.name, label))
