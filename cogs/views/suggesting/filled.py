"""What of a command is filled in so far, and which engines it can still be done with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Protocol, cast

import discord
from discord import app_commands

from bot.domain.engines.choosing import could_take
from bot.domain.engines.engine import Engine
from bot.domain.engines.naming import engine_meant
from bot.domain.guilds.rules import may_use_engine, may_use_style
from bot.domain.jobs.job import Options
from bot.services.jobs import Jobs
from cogs.views.permissions import role_ids_of

_KINDS: Mapping[str, type] = MappingProxyType(
    dict.fromkeys(
        ("prompt", "negative", "style", "ratio", "size", "subject", "background", "repair"), str
    )
    | dict.fromkeys(("seed", "count", "faces"), int)
    | dict.fromkeys(("enhance", "filter", "improve"), bool)
    | {"strength": float}
)


class _AsksForJobs(Protocol):
    """A cog whose commands end in the jobs service."""

    jobs: Jobs


@dataclass(frozen=True, slots=True)
class Filled:
    """The options filled in besides the one asked about, and the engines there are for them.

    `named` is the engine that the member chose, if it is one of them; `may_style` tells of a
    style's name whether they may use it.
    """

    jobs: Jobs
    engines: list[Engine]
    named: Engine | None
    options: Options
    pictures: int
    may_style: Callable[[str], bool] = lambda _: True
    preferred: Engine | None = None

    @classmethod
    def of(cls, interaction: discord.Interaction, without: str = "") -> "Filled":
        """Read an interaction, all but the option asked about.

        Numbers still being typed come as text.
        """
        command = cast("app_commands.Command[Any, ..., None]", interaction.command)
        given = interaction.namespace
        jobs = cast("_AsksForJobs", command.binding).jobs
        engines = jobs.engines(command.qualified_name)
        known = {name: getattr(given, name) for name in _KINDS if name != without}
        kept: dict[str, Any] = {
            name: each for name, each in known.items() if isinstance(each, _KINDS[name])
        }
        shows_style = given.style_image is not None
        images = sum(name.startswith("image") for name, _ in given)
        return cls(
            jobs,
            engines,
            None if without == "engine" else _named(given.engine, engines),
            Options(style_image=shows_style, **kept),
            max(images, int("imagine" not in command.qualified_name)) + shows_style,
        )

    @classmethod
    async def permitted(cls, interaction: discord.Interaction, without: str = "") -> "Filled":
        """Read the same, with what is left of it for somebody with these roles in this server.

        And with the engine that comes first by default.
        """
        filled, guild_id = cls.of(interaction, without), interaction.guild_id
        defaults = await filled.jobs.wishes.defaults.remembered(interaction.user.id, guild_id)
        filled = replace(filled, preferred=_named(defaults.engine, filled.engines))
        policy = None if guild_id is None else await filled.jobs.gate.soon(guild_id)
        if policy is None:
            return filled
        settings, role_ids = policy.settings, role_ids_of(interaction.user)
        engines = [each for each in filled.engines if may_use_engine(settings, role_ids, each.name)]
        named = filled.named if filled.named in engines else None
        may_style = partial(may_use_style, settings, role_ids)
        return replace(filled, engines=engines, named=named, may_style=may_style)

    @property
    def first(self) -> list[Engine]:
        """The engine of the default, where none is named and it takes what is filled in."""
        return [each for each in self.meant if each is self.preferred and not self.named]

    @property
    def meant(self) -> list[Engine]:
        """The engine named, else those that take what is filled in, best first.

        What does not go with an engine that was named is told with the refusal.
        """
        if self.named:
            return [self.named]
        return [each for each in self.engines if could_take(each, self.options, self.pictures)]

    def could_have(self, engine: Engine, option: str, text: str) -> bool:
        """Tell whether an engine would take it all, with a text for one option more."""
        if option == "style" and not self.may_style(text):
            return False
        more: dict[str, Any] = {option: text}
        return engine is self.named or self.could_be(engine, replace(self.options, **more))

    def could_be(self, engine: Engine, options: Options) -> bool:
        """Tell whether an engine would take these options with the pictures there are."""
        return could_take(engine, options, self.pictures)


def _named(typed: object, engines: list[Engine]) -> Engine | None:
    known = {engine.name: engine for engine in engines}
    return engine_meant(typed, known) if isinstance(typed, str) else None
