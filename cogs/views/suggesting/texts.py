"""Suggestions for an option whose values the engines have: styles, ratios, sizes, subjects."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import discord
from discord import app_commands

from bot.domain.discord_limits import CHOICE_CHARS, CHOICES
from bot.domain.engines.engine import Engine
from bot.domain.engines.naming import PARTED
from bot.domain.jobs.job import Options
from bot.domain.wording.likeness import most_like
from bot.domain.wording.quoting import shortened
from cogs.views.suggesting.filled import Filled

Offers = Callable[[Engine, Options], Iterable[str]]
Label = Callable[[str, Engine], str]


@dataclass(frozen=True, slots=True)
class Offer:
    """One value of an engine, and what it reads like."""

    engine: Engine
    text: str
    label: str


class Suggested(app_commands.Transformer):
    """Free text with suggestions, served from memory: what could be taken with what is filled in.

    `offers` is given the other options of the command, too, as far as they are filled in.
    """

    def __init__(self, option: str, offers: Offers, label: Label = lambda text, _: text) -> None:
        self._option = option
        self._offers = offers
        self._label = label

    @property
    def max_value(self) -> int:
        """The most characters; no name of ours is as long."""
        return CHOICE_CHARS

    async def transform(self, interaction: discord.Interaction, value: str, /) -> str:
        """Pass the text on, of a label only the value in it.

        Suggestions do not restrict a text, so the service checks it.
        """
        if PARTED not in value or value in self._all_texts(Filled.of(interaction)):
            return value
        return value.partition(PARTED)[0].strip()

    async def autocomplete(  # type: ignore[override] # the library's union of int, float and str
        self, interaction: discord.Interaction, value: str, /
    ) -> list[app_commands.Choice[str]]:
        """Return what is offered that is like the typed text, the best engines' first."""
        found = await self._found(interaction, value)
        return [
            app_commands.Choice(name=shortened(each.label, CHOICE_CHARS), value=each.text)
            for each in islice(found, CHOICES)
        ]

    async def _found(self, interaction: discord.Interaction, typed: str) -> Iterable[Offer]:
        filled = await Filled.permitted(interaction, without=self._option)
        return self._taken(filled, typed)

    def _taken(self, filled: Filled, typed: str) -> Iterable[Offer]:
        """Return what the engine named offers, or the one of the default, if that is anything.

        Else all that some engine takes with the rest.
        """
        by_default = list(islice(self._of(filled.first, filled, typed), CHOICES))
        return by_default or self._of(filled.meant, filled, typed)

    def _of(self, engines: Iterable[Engine], filled: Filled, typed: str) -> Iterator[Offer]:
        shown: set[str] = set()  # one engine's 1k is another's 1K, and the service takes either
        offered = self._offered(engines, filled)
        for offer in most_like(typed, offered, lambda each: each.label):
            text = offer.text.casefold()
            if text not in shown and filled.could_have(offer.engine, self._option, offer.text):
                shown.add(text)
                yield offer

    def _offered(self, engines: Iterable[Engine], filled: Filled) -> Iterator[Offer]:
        for engine in engines:
            for text in self._offers(engine, filled.options):
                yield Offer(engine, text, self._label(text, engine))

    def _all_texts(self, filled: Filled) -> set[str]:
        return {text for each in filled.engines for text in self._offers(each, filled.options)}
