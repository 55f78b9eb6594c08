"""The parts of the forms for settings: each is filled in with what is set, and puts it back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import discord
from discord import ui

from bot.domain.discord_limits import CHOICES
from bot.domain.guilds.settings import GuildSettings

_KINDS = discord.ChannelType
POSTABLE = (
    *(_KINDS.text, _KINDS.news),
    *(_KINDS.public_thread, _KINDS.private_thread, _KINDS.news_thread),
)
USABLE = (*POSTABLE, _KINDS.voice, _KINDS.stage_voice, _KINDS.forum)
"""Where commands can be used, and what holds threads where they can."""


class Part(Protocol):
    """One part of a form; `item` is what a moderator sees of it."""

    item: ui.Label[Any]

    def put(self, kept: GuildSettings) -> GuildSettings:
        """Return the settings with what was filled in here."""


class ChannelsPart:
    """A list of channels, kept as a setting of that name."""

    def __init__(self, name: str, kept: GuildSettings, label: str, about: str) -> None:
        self._name = name
        self.select: ui.ChannelSelect[Any] = ui.ChannelSelect(
            custom_id=name,
            channel_types=list(USABLE),
            required=False,
            min_values=0,
            max_values=CHOICES,
            default_values=_chosen(getattr(kept, name), "channel"),
        )
        self.item: ui.Label[Any] = ui.Label(text=label, description=about, component=self.select)

    def put(self, kept: GuildSettings) -> GuildSettings:
        """Return the settings with these channels."""
        channel_ids = tuple(sorted(each.id for each in self.select.values))
        return _with(kept, self._name, channel_ids)


class ChannelPart:
    """One channel that messages stand in, or none."""

    def __init__(self, name: str, kept: GuildSettings, label: str, about: str) -> None:
        self._name = name
        self.select: ui.ChannelSelect[Any] = ui.ChannelSelect(
            custom_id=name,
            channel_types=list(POSTABLE),
            required=False,
            min_values=0,
            max_values=1,
            default_values=_chosen([getattr(kept, name)], "channel"),
        )
        self.item: ui.Label[Any] = ui.Label(text=label, description=about, component=self.select)

    def put(self, kept: GuildSettings) -> GuildSettings:
        """Return the settings with this channel, or none."""
        return _with(kept, self._name, _only(self.select.values))


class RolePart:
    """One role, or none."""

    def __init__(self, name: str, kept: GuildSettings, label: str, about: str) -> None:
        self._name = name
        self.select: ui.RoleSelect[Any] = ui.RoleSelect(
            custom_id=name,
            required=False,
            min_values=0,
            max_values=1,
            default_values=_chosen([getattr(kept, name)], "role"),
        )
        self.item: ui.Label[Any] = ui.Label(text=label, description=about, component=self.select)

    def put(self, kept: GuildSettings) -> GuildSettings:
        """Return the settings with this role, or none."""
        return _with(kept, self._name, _only(self.select.values))


class BoxPart:
    """A yes or a no."""

    def __init__(self, name: str, kept: GuildSettings, label: str, about: str) -> None:
        self._name = name
        # The one part that Discord always sends, so that it knows no `required`.
        self._box: ui.Checkbox[Any] = ui.Checkbox(custom_id=name, default=getattr(kept, name))
        self.item: ui.Label[Any] = ui.Label(text=label, description=about, component=self._box)

    def put(self, kept: GuildSettings) -> GuildSettings:
        """Return the settings with this yes or no."""
        return _with(kept, self._name, self._box.value)


class RadioPart:
    """One of a few values; `names` has what each is called."""

    def __init__(
        self, name: str, kept: GuildSettings, label: str, names: Mapping[Any, str]
    ) -> None:
        self._name = name
        self._values = {str(value): value for value in names}
        options = [
            discord.RadioGroupOption(
                label=called, value=str(value), default=value == getattr(kept, name)
            )
            for value, called in names.items()
        ]
        self._group: ui.RadioGroup[Any] = ui.RadioGroup(
            custom_id=name, options=options, required=True
        )
        self.item: ui.Label[Any] = ui.Label(text=label, component=self._group)

    def put(self, kept: GuildSettings) -> GuildSettings:
        """Return the settings with this value."""
        return _with(kept, self._name, self._values[self._group.value or ""])


class SelectPart:
    """One of many values, in a list; `names` has what each is called."""

    def __init__(
        self, name: str, kept: GuildSettings, label: str, names: Mapping[Any, str]
    ) -> None:
        self._name = name
        self._values = {str(value): value for value in names}
        options = [
            discord.SelectOption(
                label=called, value=str(value), default=value == getattr(kept, name)
            )
            for value, called in names.items()
        ]
        self._select: ui.Select[Any] = ui.Select(custom_id=name, options=options)
        self.item: ui.Label[Any] = ui.Label(text=label, component=self._select)

    def put(self, kept: GuildSettings) -> GuildSettings:
        """Return the settings with this value."""
        return _with(kept, self._name, self._values[self._select.values[0]])


class TextPart:
    """A text that is read as a value; `read` raises the NotPossible that says why it is none."""

    def __init__(
        self,
        custom_id: str,
        label: str,
        about: str,
        filled: str,
        put: Callable[[GuildSettings, str], GuildSettings],
        *,
        most: int,
        is_long: bool = False,
    ) -> None:
        self._put = put
        self._text: ui.TextInput[Any] = ui.TextInput(
            custom_id=custom_id,
            style=discord.TextStyle.paragraph if is_long else discord.TextStyle.short,
            default=filled[:most] or None,
            required=False,
            max_length=most,
        )
        self.item: ui.Label[Any] = ui.Label(text=label, description=about, component=self._text)

    def put(self, kept: GuildSettings) -> GuildSettings:
        """Return the settings with what the text says."""
        return self._put(kept, self._text.value.strip())


def _with(kept: GuildSettings, name: str, value: Any) -> GuildSettings:
    changes: dict[str, Any] = {name: value}
    return replace(kept, **changes)


def _only(chosen: Sequence[Any]) -> int | None:
    return chosen[0].id if chosen else None


def _chosen(ids: Sequence[int | None], kind: str) -> list[discord.SelectDefaultValue]:
    kinds = discord.SelectDefaultValueType
    return [
        discord.SelectDefaultValue(id=each, type=kinds[kind]) for each in ids if each is not None
    ]
