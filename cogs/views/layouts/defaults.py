"""What a member has set for options that they leave out, with buttons that take it back."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.domain.members.defaults import Defaults
from bot.domain.wording.quoting import Markup
from bot.domain.wording.sentences import say
from cogs.views.job_buttons import cog_of
from cogs.views.layouts.card import WAITING, add_row, card

_TITLE = "**Your defaults, in every server**"
_NONE = "You have set none. `/defaults` takes an engine, a style, a ratio and a negative."
_ABOUT = (
    "-# They are taken where you leave an option out. What you type comes first, and what the "
    "engine does not take is passed over."
)
_LINES: Mapping[str, str] = MappingProxyType(
    {
        "engine": "Engine: {value}",
        "style": "Style: {value}",
        "ratio": "Ratio: {value}",
        "negative": "Negative: {value}",
    }
)
_ALL = "all"
_CLEAR: Mapping[str, str] = MappingProxyType(
    {
        "engine": "Clear engine",
        "style": "Clear style",
        "ratio": "Clear ratio",
        "negative": "Clear negative",
        _ALL: "Clear all",
    }
)


class _DefaultsCog(Protocol):
    async def clear(self, interaction: discord.Interaction[Any], *options: str) -> None: ...


class ClearDefaultButton(
    ui.DynamicItem[ui.Button[Any]],
    template=r"easel:default:(?P<option>engine|style|ratio|negative|all)",
):
    """Takes back what whoever presses it has set; nobody else's."""

    def __init__(self, option: str) -> None:
        super().__init__(ui.Button(custom_id=f"easel:default:{option}", label=_CLEAR[option]))
        self.option = option

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id, also after a restart."""
        return cls(match["option"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take it back, and show what is left."""
        options = tuple(_LINES) if self.option == _ALL else (self.option,)
        await cast("_DefaultsCog", cog_of(interaction, "Defaults")).clear(interaction, *options)


class DefaultsLayout(ui.LayoutView):
    """All that is set; `engine` is how the engine among it reads."""

    def __init__(self, defaults: Defaults, engine: str) -> None:
        super().__init__(timeout=None)
        values = {name: value for name, value in asdict(defaults).items() if value is not None}
        shown = values | ({"engine": engine} if "engine" in values else {})
        lines = [say(_LINES[name], value=value) for name, value in shown.items()]
        buttons = [ClearDefaultButton(name) for name in values]
        if len(buttons) > 1:
            buttons.append(ClearDefaultButton(_ALL))
        box = card(WAITING, _TITLE, Markup("\n".join(lines)) if lines else _NONE, _ABOUT)
        add_row(box, buttons)
        self.add_item(box)
