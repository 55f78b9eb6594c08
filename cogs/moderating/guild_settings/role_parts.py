"""The parts of the form for what a role may use: its engines in groups, and its styles."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.discord_limits import CHOICES, RADIO_CHOICES, TEXT_INPUT_CHARS
from bot.domain.engines.engine import Engine
from bot.domain.guilds.errors import NoEngineChosen
from bot.domain.guilds.settings import RoleRule
from bot.domain.wording.quoting import shortened

_MOST_GROUPS = 4  # a form has five parts, and the styles are one of them
_ENGINES = "Engines"
_MORE_ENGINES = "Engines, continued"
_STYLES = "Styles"
_STYLES_ABOUT = "One name a line; empty = all of them."
_LABEL_CHARS = 100


class EnginesPart:
    """The engines in use, as boxes to tick, or as lists where they are too many for that."""

    def __init__(self, engines: Sequence[Engine], rule: RoleRule) -> None:
        self._engines = [engine.name for engine in engines]
        size = RADIO_CHOICES if len(engines) <= RADIO_CHOICES * _MOST_GROUPS else CHOICES
        starts = range(0, len(engines), size)[:_MOST_GROUPS]
        groups = [engines[start : start + size] for start in starts]
        make = _boxes if size == RADIO_CHOICES else _list
        self._fields = [make(number, group, rule) for number, group in enumerate(groups)]
        self.items: list[ui.Label[Any]] = [
            ui.Label(text=_MORE_ENGINES if number else _ENGINES, component=field)
            for number, field in enumerate(self._fields)
        ]

    def chosen(self, rule: RoleRule) -> tuple[str, ...]:
        """Return the names of the engines chosen, as a rule has them: none stands for all.

        What cannot be used now was not shown, and stays as the rule has it. Raises NoEngineChosen.
        """
        names = [name for field in self._fields for name in field.values]
        if len(names) == len(self._engines):
            return ()
        unseen = [name for name in rule.engines if name not in self._engines]
        if not names and not unseen:
            raise NoEngineChosen
        return (*names, *unseen)


class StylesPart:
    """The styles by their names, one a line."""

    def __init__(self, rule: RoleRule) -> None:
        self._text: ui.TextInput[Any] = ui.TextInput(
            custom_id="styles",
            style=discord.TextStyle.paragraph,
            default="\n".join(rule.styles)[:TEXT_INPUT_CHARS] or None,
            required=False,
            max_length=TEXT_INPUT_CHARS,
        )
        self.item: ui.Label[Any] = ui.Label(
            text=_STYLES, description=_STYLES_ABOUT, component=self._text
        )

    @property
    def chosen(self) -> list[str]:
        """What was typed, line by line; none stands for all."""
        return [line.strip() for line in self._text.value.splitlines() if line.strip()]


def _boxes(number: int, engines: Sequence[Engine], rule: RoleRule) -> ui.CheckboxGroup[Any]:
    options = [
        discord.CheckboxGroupOption(
            label=_called(each), value=each.name, default=_is_of(rule, each)
        )
        for each in engines
    ]
    return ui.CheckboxGroup(
        custom_id=f"engines-{number}",
        options=options,
        required=False,
        min_values=0,
        max_values=len(options),
    )


def _list(number: int, engines: Sequence[Engine], rule: RoleRule) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=_called(each), value=each.name, default=_is_of(rule, each))
        for each in engines
    ]
    return ui.Select(
        custom_id=f"engines-{number}",
        options=options,
        required=False,
        min_values=0,
        max_values=len(options),
    )


def _called(engine: Engine) -> str:
    return shortened(engine.title, _LABEL_CHARS)


def _is_of(rule: RoleRule, engine: Engine) -> bool:
    return not rule.engines or engine.name in rule.engines
