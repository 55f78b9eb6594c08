"""/settings show: all that is set in one message, with a button for each group of settings."""

import re
from collections.abc import Sequence
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.domain.engines.engine import Engine
from bot.domain.guilds.settings import EVERYONE, GuildSettings, RoleRule
from bot.domain.labels.label import LabelRules
from bot.domain.members.defaults import Defaults
from bot.domain.members.remixing import RemixRule
from bot.domain.wording.quoting import Markup, coded, quoted
from bot.domain.wording.sentences import say
from cogs.moderating import settings_texts as texts
from cogs.moderating.guild_settings.groups import Group
from cogs.views.job_buttons import cog_of

_CHANGE = "Change"
_ROLE = "Engines and styles of a role …"
_COLOUR = discord.Colour(0x5B6EE1)
# A message holds 4,000 characters in all, so what may be long is cut.
_RULES_SHOWN = 5
_NAMES_SHOWN = 4
_CHANNELS_SHOWN = 6
_NEGATIVE_SHOWN = 120

_TITLE = "**Settings of this server**"
_PLACES = "**Where, and for whom to see**"
_ENGINES = "**Engines and styles**"
_DEFAULTS = "**Defaults of this server**"
_LABEL = "**Label**"
_BUDGET = "**Budgets and time zone**"
_PEOPLE = "**Moderators and restyling**"
_APPROVAL = "**Approval**"

_EVERYWHERE = "Channels for pictures: all of them"
_CHANNELS = "Channels for pictures: {channels}"
_MORE_CHANNELS = "Channels for pictures: {channels} and {more} more"
_NO_SPOILERS = "Channels with hidden results: none"
_SPOILERS = "Channels with hidden results: {channels}"
_MORE_SPOILERS = "Channels with hidden results: {channels} and {more} more"
_PRIVATE = {True: "Private results: allowed", False: "Private results: not allowed"}
_EVERYONE_LINE = "Everyone: {engines}; {styles}"
_ROLE_LINE = "{role_id:role}: {engines}; {styles}"
_MORE_ROLES = "-# Further roles with rules of their own: {more}"
_DEFAULT_LINES = {
    "engine": "Engine: {value}",
    "style": "Style: {value}",
    "ratio": "Ratio: {value}",
    "negative": "Negative: {value}",
}
_NO_DEFAULTS = "None. What members set with `/defaults` counts first."
_LABEL_LINE = "“{generated}” or “{modified}”, {corner} corner"
_ZONE_LINE = "Time zone: {zone}"
_LOG_LINE = "Log channel: {channel_id:channel}"
_NO_LOG = "Log channel: none"
_MODERATOR_LINE = "Moderators: members with Manage Server or {role_id:role}"
_NO_MODERATOR = "Moderators: members with Manage Server"
_REMIX_LINES = {
    RemixRule.OWN: "Restyling: only one’s own pictures",
    RemixRule.MEMBERS: "Restyling: results, and uploads whose owner allows it",
    RemixRule.UPLOADS: "Restyling: results and uploads, unless their owner forbids it",
}


class _SettingsCog(Protocol):
    async def open_form(self, interaction: discord.Interaction[Any], group: str) -> None: ...
    async def open_role(
        self, interaction: discord.Interaction[Any], role: discord.Role
    ) -> None: ...


class SettingsButton(
    ui.DynamicItem[ui.Button[Any]], template=r"easel:settings:(?P<group>[a-z]{1,20})"
):
    """Opens the form of a group; works as long as its message is there."""

    def __init__(self, group: str) -> None:
        super().__init__(ui.Button(custom_id=f"easel:settings:{group}", label=_CHANGE))
        self.group = group

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id, also after a restart."""
        return cls(match["group"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        await _cog(interaction).open_form(interaction, self.group)


class RoleSelect(ui.DynamicItem[ui.RoleSelect[Any]], template="easel:settings-role"):
    """Opens the form of the role that is chosen in it."""

    def __init__(self) -> None:
        super().__init__(ui.RoleSelect(custom_id="easel:settings-role", placeholder=_ROLE))

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], ___: re.Match[str], /
    ) -> Self:
        """Make the select anew, also after a restart."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        await _cog(interaction).open_role(interaction, self.item.values[0])


class SettingsLayout(ui.LayoutView):
    """All settings by groups; `notes` are of what has commands of its own."""

    def __init__(
        self,
        settings: GuildSettings,
        labels: LabelRules,
        unpriced: Sequence[Engine],
        notes: Sequence[Markup] = (),
    ) -> None:
        super().__init__(timeout=None)
        card: ui.Container[Any] = ui.Container(ui.TextDisplay(_TITLE), accent_colour=_COLOUR)
        card.add_item(_section(Group.PLACES, _PLACES, _places(settings)))
        card.add_item(_section(Group.EVERYONE, _ENGINES, _rules(settings)))
        card.add_item(ui.ActionRow(RoleSelect()))
        card.add_item(_section(Group.DEFAULTS, _DEFAULTS, _defaults(settings.defaults)))
        label = texts.label_text(settings, labels, _LABEL_LINE)
        card.add_item(_section(Group.LABEL, _LABEL, [label]))
        card.add_item(_section(Group.BUDGET, _BUDGET, _budget(settings, unpriced)))
        card.add_item(_section(Group.PEOPLE, _PEOPLE, _people(settings)))
        card.add_item(_section(Group.APPROVAL, _APPROVAL, [texts.approval_text(settings)]))
        if notes:
            card.add_item(ui.TextDisplay("\n".join(notes)))
        self.add_item(card)


def _section(group: Group, title: str, lines: Sequence[str]) -> ui.Section[Any]:
    text = "\n".join((title, *filter(None, lines)))
    return ui.Section(ui.TextDisplay(text), accessory=SettingsButton(group))


def _places(settings: GuildSettings) -> list[str]:
    return [
        _channels(settings.channels, _EVERYWHERE, _CHANNELS, _MORE_CHANNELS),
        _channels(settings.spoiler_channels, _NO_SPOILERS, _SPOILERS, _MORE_SPOILERS),
        _PRIVATE[settings.allows_private],
    ]


def _channels(channel_ids: Sequence[int], none: str, some: str, many: str) -> Markup:
    if not channel_ids:
        return say(none)
    shown, more = texts.channels_text(channel_ids, _CHANNELS_SHOWN), len(channel_ids)
    more -= _CHANNELS_SHOWN
    return say(many if more > 0 else some, channels=shown, more=more)


def _rules(settings: GuildSettings) -> list[str]:
    rules = {rule.role_id: rule for rule in settings.role_rules}
    everyone = rules.pop(EVERYONE, RoleRule(EVERYONE))
    lines: list[str] = [_rule(everyone), *map(_rule, list(rules.values())[:_RULES_SHOWN])]
    more = len(rules) - _RULES_SHOWN
    return [*lines, say(_MORE_ROLES, more=more)] if more > 0 else lines


def _rule(rule: RoleRule) -> Markup:
    return say(
        _EVERYONE_LINE if rule.role_id == EVERYONE else _ROLE_LINE,
        role_id=rule.role_id,
        engines=texts.engines_text(rule, _NAMES_SHOWN),
        styles=texts.styles_text(rule, _NAMES_SHOWN),
    )


def _defaults(defaults: Defaults) -> list[str]:
    values = {
        "engine": coded(defaults.engine) if defaults.engine else None,
        "style": defaults.style,
        "ratio": defaults.ratio,
        "negative": quoted(defaults.negative, _NEGATIVE_SHOWN) if defaults.negative else None,
    }
    lines = [say(_DEFAULT_LINES[name], value=each) for name, each in values.items() if each]
    return [*lines] or [_NO_DEFAULTS]


def _budget(settings: GuildSettings, unpriced: Sequence[Engine]) -> list[str]:
    zone = say(_ZONE_LINE, zone=settings.timezone)
    return [zone, *texts.budget_lines(settings), *texts.unpriced_count(settings, unpriced)]


def _people(settings: GuildSettings) -> list[str]:
    log, role = settings.log_channel_id, settings.moderator_role_id
    return [
        say(_LOG_LINE if log is not None else _NO_LOG, channel_id=log),
        say(_MODERATOR_LINE if role is not None else _NO_MODERATOR, role_id=role),
        _REMIX_LINES[settings.remix],
    ]


def _cog(interaction: discord.Interaction[Any]) -> _SettingsCog:
    return cast("_SettingsCog", cog_of(interaction, "SettingsCommands"))
