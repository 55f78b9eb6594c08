"""Option types that several commands share, with their bounds and suggestions."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, cast

import discord
from discord import app_commands

from bot.domain.engines import Engine
from bot.services.jobs import Jobs

_LONGEST_NAME = 100  # as much as an autocomplete choice may hold (Discord docs, 2026-08)
_CHOICES = 25  # autocomplete results (Discord docs, 2026-08)

# Contract: at most 4,000 characters; each engine's own limit is checked before anything is paid.
Prompt = app_commands.Range[str, 1, 4000]
Strength = app_commands.Range[float, 0.01, 1.0]
Seed = app_commands.Range[int, 0, 4_294_967_295]


class _AsksForJobs(Protocol):
    """A cog whose commands end in the jobs service."""

    jobs: Jobs


class _Suggested(app_commands.Transformer):
    """Free text with suggestions: what the engine chosen so far offers, served from memory.

    `offers` is given the other options of the command, too, as far as they are filled in.
    """

    def __init__(self, offers: Callable[[Engine, app_commands.Namespace], Iterable[str]]) -> None:
        self._offers = offers

    @property
    def max_value(self) -> int:
        """The most characters; no name of ours is as long."""
        return _LONGEST_NAME

    async def transform(self, _: discord.Interaction, value: str, /) -> str:
        """Pass the text on: suggestions do not restrict it, so the service checks it."""
        return value

    async def autocomplete(  # type: ignore[override] # the library's union of int, float and str
        self, interaction: discord.Interaction, value: str, /
    ) -> list[app_commands.Choice[str]]:
        """Return what the engine offers that holds the typed text."""
        filled, engines = interaction.namespace, self._engines(interaction)
        found = [text for engine in engines for text in self._offers(engine, filled)]
        hits = [text for text in dict.fromkeys(found) if value.casefold() in text.casefold()]
        return [app_commands.Choice(name=text, value=text) for text in hits[:_CHOICES]]

    def _engines(self, interaction: discord.Interaction) -> list[Engine]:
        usable = _usable_engines(interaction)
        chosen = interaction.namespace.engine
        return [engine for engine in usable if engine.name == chosen] or usable[:1]


class _SuggestedEngine(_Suggested):
    """The engine itself, whatever was chosen so far."""

    def __init__(self) -> None:
        super().__init__(lambda engine, _: [engine.name])

    def _engines(self, interaction: discord.Interaction) -> list[Engine]:
        return _usable_engines(interaction)


def _usable_engines(interaction: discord.Interaction) -> list[Engine]:
    command = cast("app_commands.Command[Any, ..., None]", interaction.command)
    cog = cast("_AsksForJobs", command.binding)
    return cog.jobs.engines(command.qualified_name)


def _styles(engine: Engine, filled: app_commands.Namespace) -> Iterable[str]:
    return engine.takes.styles_for(filled.subject).values()


EngineName = app_commands.Transform[str, _SuggestedEngine()]
Style = app_commands.Transform[str, _Suggested(_styles)]
Ratio = app_commands.Transform[str, _Suggested(lambda engine, _: engine.takes.ratios)]
Size = app_commands.Transform[str, _Suggested(lambda engine, _: engine.takes.sizes)]
Subject = app_commands.Transform[str, _Suggested(lambda engine, _: engine.takes.subjects)]
