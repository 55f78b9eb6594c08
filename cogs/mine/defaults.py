"""/defaults: what a member wants of options that they leave out."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.discord_limits import CHOICE_CHARS, CHOICES
from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.engines.naming import PARTED, called, shared_titles
from bot.domain.members.defaults import Defaults
from bot.domain.wording.likeness import most_like
from bot.domain.wording.quoting import shortened
from bot.services.members.defaults import DefaultOptions
from bot.services.members.presets import Presets
from cogs.views.layouts.defaults import DefaultsLayout
from cogs.views.suggesting.labels import ratio_label

Suggestions = list[app_commands.Choice[str]]
Text = app_commands.Range[str, 1, CHOICE_CHARS]


class DefaultsCommand(commands.Cog, name="Defaults"):
    """Sets, shows and clears a member's own defaults, the same in every server."""

    def __init__(self, defaults: DefaultOptions, presets: Presets, catalogue: Catalogue) -> None:
        self._defaults = defaults
        self._presets = presets
        self._catalogue = catalogue

    @app_commands.command()
    @app_commands.describe(
        engine="What makes your pictures where you name no engine",
        style="How they should look, where the engine has that style",
        ratio="Width to height",
        negative="What should not be in them",
    )
    async def defaults(
        self,
        interaction: discord.Interaction,
        engine: Text | None = None,
        style: Text | None = None,
        ratio: Text | None = None,
        negative: str | None = None,
    ) -> None:
        """Show or set what is taken where you leave an option out."""
        typed = Defaults(_plain(engine), _plain(style), _plain(ratio), negative)
        user_id = interaction.user.id
        if typed == Defaults():
            kept = await self._defaults.own(user_id)
        else:
            kept = await self._defaults.set(user_id, interaction.guild_id, typed)
        await interaction.response.send_message(view=self._layout(kept), ephemeral=True)

    async def clear(self, interaction: discord.Interaction[Any], *options: str) -> None:
        """Take back what whoever pressed has set."""
        kept = await self._defaults.clear(interaction.user.id, *options)
        await interaction.response.edit_message(view=self._layout(kept))

    @defaults.autocomplete("engine")
    async def _suggest_engine(self, _: discord.Interaction, typed: str) -> Suggestions:
        engines = self._catalogue.usable_engines()
        shared = shared_titles(engines)
        labels = {engine.name: _labelled(engine, called(engine, shared)) for engine in engines}
        return _choices(typed, labels)

    @defaults.autocomplete("style")
    async def _suggest_style(self, interaction: discord.Interaction, typed: str) -> Suggestions:
        presets = await self._presets.remembered(interaction.guild_id)
        engines = await self._meant(interaction)
        styles = [name for each in engines for name in each.capabilities.styles.values()]
        names = dict.fromkeys([*(each.name for each in presets), *styles])
        return _choices(typed, {name: name for name in names})

    @defaults.autocomplete("ratio")
    async def _suggest_ratio(self, interaction: discord.Interaction, typed: str) -> Suggestions:
        engines = await self._meant(interaction)
        ratios = dict.fromkeys(ratio for each in engines for ratio in each.capabilities.ratios)
        return _choices(typed, {ratio: ratio_label(ratio) for ratio in ratios})

    async def _meant(self, interaction: discord.Interaction) -> Iterable[Engine]:
        """Return the engine typed, else the one set before, else all of them."""
        typed = interaction.namespace.engine
        if not isinstance(typed, str) or not typed:
            kept = await self._defaults.remembered(interaction.user.id, interaction.guild_id)
            typed = kept.engine
        engine = self._catalogue.meant(typed) if typed else None
        return [engine] if engine else self._catalogue.usable_engines()

    def _layout(self, kept: Defaults) -> DefaultsLayout:
        return DefaultsLayout(kept, self._catalogue.title(kept.engine or ""))


def _plain(typed: str | None) -> str | None:
    """Return what was typed, of a label from a list only the value in it."""
    return typed.partition(PARTED)[0].strip() if typed else None


def _labelled(engine: Engine, name: str) -> str:
    return PARTED.join(filter(None, (name, engine.good_for)))


def _choices(typed: str, labels: dict[str, str]) -> Suggestions:
    """Return the values whose labels are like what was typed, or whose names are."""
    found = most_like(typed, labels.items(), PARTED.join)
    return [
        app_commands.Choice(name=shortened(label, CHOICE_CHARS), value=value)
        for value, label in found[:CHOICES]
    ]
