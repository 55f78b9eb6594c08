"""Suggestions for the `style` option: the server's own presets, and the engines' styles."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import discord

from bot.domain.engines.naming import PARTED
from bot.domain.members.presets import Preset
from bot.domain.members.wishes import Wish
from bot.domain.wording.likeness import most_like
from cogs.views.suggesting.filled import Filled
from cogs.views.suggesting.texts import Offer, Suggested

_OF_SERVER = "a preset of this server"


class SuggestedStyle(Suggested):
    """A style of an engine, or a preset of the server that the command is used in."""

    def __init__(self) -> None:
        super().__init__(
            "style",
            lambda engine, options: engine.capabilities.styles_for(options.subject).values(),
        )

    async def _found(self, interaction: discord.Interaction, typed: str) -> Iterable[Offer]:
        filled = await Filled.permitted(interaction, without="style")
        presets = await filled.jobs.wishes.presets.remembered(interaction.guild_id)
        return chain(self._own(presets, filled, typed), self._taken(filled, typed))

    def _own(self, presets: Sequence[Preset], filled: Filled, typed: str) -> Iterator[Offer]:
        """Yield the presets whose words some engine takes with the rest: not all take words."""
        for preset in most_like(typed, presets, lambda each: each.name):
            options = Wish("", None, filled.options, preset=preset).filled
            for engine in filled.first or filled.meant:
                if filled.could_be(engine, options):
                    yield Offer(engine, preset.name, PARTED.join((preset.name, _OF_SERVER)))
                    break
