"""Option types that several commands share, with their bounds and suggestions."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import Any, Protocol, cast

import discord
from discord import app_commands

from bot.domain.discord_limits import CHOICE_CHARS, CHOICES
from bot.domain.engines.choosing import could_take
from bot.domain.engines.engine import Engine
from bot.domain.jobs.job import Options
from bot.domain.jobs.limits import MAX_SEED
from bot.services.jobs import Jobs

_KINDS: Mapping[str, type] = MappingProxyType(
    dict.fromkeys(("prompt", "negative", "style", "ratio", "size", "subject"), str)
    | dict.fromkeys(("seed", "count", "faces"), int)
    | dict.fromkeys(("enhance", "filter"), bool)
    | {"strength": float}
)

# Contract: at most 4,000 characters; each engine's own limit is checked before anything is paid.
Prompt = app_commands.Range[str, 1, 4000]
Strength = app_commands.Range[float, 0.01, 1.0]
Seed = app_commands.Range[int, 0, MAX_SEED]


class _AsksForJobs(Protocol):
    """A cog whose commands end in the jobs service."""

    jobs: Jobs


class _Suggested(app_commands.Transformer):
    """Free text with suggestions, served from memory: what could be taken with what is filled in.

    `offers` is given the other options of the command, too, as far as they are filled in.
    """

    def __init__(
        self, option: str, offers: Callable[[Engine, app_commands.Namespace], Iterable[str]]
    ) -> None:
        self._option = option
        self._offers = offers

    @property
    def max_value(self) -> int:
        """The most characters; no name of ours is as long."""
        return CHOICE_CHARS

    async def transform(self, _: discord.Interaction, value: str, /) -> str:
        """Pass the text on: suggestions do not restrict it, so the service checks it."""
        return value

    async def autocomplete(  # type: ignore[override] # the library's union of int, float and str
        self, interaction: discord.Interaction, value: str, /
    ) -> list[app_commands.Choice[str]]:
        """Return what is offered that holds the typed text, of the best engines first."""
        texts: dict[str, str] = {}  # one engine's 1k is another's 1K, and the service takes either
        for text in self._texts(_Filled.of(interaction), value.casefold()):
            texts.setdefault(text.casefold(), text)
        found = islice(texts.values(), CHOICES)
        return [app_commands.Choice(name=text, value=text) for text in found]

    def _texts(self, filled: "_Filled", typed: str) -> Iterator[str]:
        """Yield what the engine named offers, else all that some engine takes with the rest."""
        for engine in filled.named() or filled.engines:
            for text in self._offers(engine, filled.given):
                if typed in text.casefold() and filled.could_have(engine, self._option, text):
                    yield text


class _SuggestedEngine(_Suggested):
    """The engine itself, whichever was chosen so far: one that takes the rest, where there is."""

    def __init__(self) -> None:
        super().__init__("engine", lambda engine, _: [engine.name])

    def _texts(self, filled: "_Filled", typed: str) -> Iterator[str]:
        taking = [each for each in filled.engines if filled.could_have(each)]
        for engine in taking or filled.engines:
            if typed in engine.name.casefold():
                yield engine.name


@dataclass(frozen=True, slots=True)
class _Filled:
    """What of a command is filled in so far, and the engines that it may be done with."""

    given: app_commands.Namespace
    engines: list[Engine]
    options: Options
    pictures: int

    @classmethod
    def of(cls, interaction: discord.Interaction) -> "_Filled":
        """Read an autocomplete interaction; numbers still being typed come as text."""
        command = cast("app_commands.Command[Any, ..., None]", interaction.command)
        given = interaction.namespace
        known = {name: getattr(given, name) for name in _KINDS}
        kept: dict[str, Any] = {
            name: each for name, each in known.items() if isinstance(each, _KINDS[name])
        }
        images = sum(name.startswith("image") for name, _ in given)
        return cls(
            given,
            cast("_AsksForJobs", command.binding).jobs.engines(command.qualified_name),
            Options(**kept),
            max(images, int("imagine" not in command.qualified_name)),
        )

    def named(self) -> list[Engine]:
        """Return the engine named, if it is one of them."""
        return [engine for engine in self.engines if engine.name == self.given.engine]

    def could_have(self, engine: Engine, option: str = "", text: str = "") -> bool:
        """Tell whether an engine would take it all, with a text for one option more."""
        if engine.name == self.given.engine:
            return True  # what else does not go with it is told with the refusal
        more: dict[str, Any] = {option: text} if option else {}
        return could_take(engine, replace(self.options, **more), self.pictures)


EngineName = app_commands.Transform[str, _SuggestedEngine()]
Style = app_commands.Transform[
    str,
    _Suggested(
        "style", lambda engine, filled: engine.capabilities.styles_for(filled.subject).values()
    ),
]
Ratio = app_commands.Transform[
    str, _Suggested("ratio", lambda engine, _: engine.capabilities.ratios)
]
Size = app_commands.Transform[str, _Suggested("size", lambda engine, _: engine.capabilities.sizes)]
Subject = app_commands.Transform[
    str, _Suggested("subject", lambda engine, _: engine.capabilities.subjects)
]
