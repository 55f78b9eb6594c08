"""Which settings go together, and the form for each group."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any

import discord

from bot.domain.discord_limits import CHOICE_CHARS
from bot.domain.guilds.errors import NoNumber
from bot.domain.guilds.settings import GuildSettings
from bot.domain.labels.own_words import MOST_CHARS
from bot.domain.quotas.errors import BudgetNotInCents
from bot.services.guild_settings import GuildSettingsEditor
from cogs.moderating import settings_texts as texts
from cogs.moderating.guild_settings import form_texts
from cogs.moderating.guild_settings.form import Carry, SettingsForm
from cogs.moderating.guild_settings.parts import (
    BoxPart,
    ChannelPart,
    ChannelsPart,
    Part,
    RadioPart,
    RolePart,
    SelectPart,
    TextPart,
)
from cogs.views.permissions import (
    check_can_make,
    check_can_notify,
    check_is_below,
    check_is_for_members,
)

_NUMBER_CHARS = 12
_NEGATIVE_CHARS = 500
MOST_DAYS = 3650
MOST_BUDGET = 1_000_000


class Group(StrEnum):
    """Settings that are changed in one form."""

    PLACES = "places"
    EVERYONE = "everyone"
    DEFAULTS = "defaults"
    LABEL = "label"
    BUDGET = "budget"
    PEOPLE = "people"
    APPROVAL = "approval"


def form_of(
    group: Group, kept: GuildSettings, editor: GuildSettingsEditor, carry: Carry
) -> SettingsForm:
    """Return the form of a group, filled in with what is set; that of everyone is a role's."""
    return _FORMS[group](kept, editor, carry)


def _places(kept: GuildSettings, _: GuildSettingsEditor, carry: Carry) -> SettingsForm:
    allowed = ChannelsPart("channels", kept, form_texts.CHANNELS, form_texts.CHANNELS_ABOUT)
    hidden = ChannelsPart("spoiler_channels", kept, form_texts.SPOILERS, form_texts.SPOILERS_ABOUT)
    private = BoxPart("allows_private", kept, form_texts.PRIVATE, form_texts.PRIVATE_ABOUT)

    def check(interaction: discord.Interaction[Any]) -> None:
        for channel in allowed.select.values:
            if channel.id not in kept.channels:
                check_can_make(interaction, channel)

    return SettingsForm(form_texts.GROUPS["places"], [allowed, hidden, private], carry, check)


def _defaults(kept: GuildSettings, editor: GuildSettingsEditor, carry: Carry) -> SettingsForm:
    read: dict[str, Callable[[str], str]] = {
        "engine": editor.engine,
        "style": editor.style,
        "ratio": editor.ratio,
        "negative": str,
    }

    def put(name: str, settings: GuildSettings, typed: str) -> GuildSettings:
        value = read[name](typed) if typed else None
        return replace(settings, defaults=replace(settings.defaults, **{name: value}))

    parts = [
        TextPart(
            name,
            form_texts.DEFAULTS[name],
            form_texts.DEFAULTS_ABOUT[name],
            getattr(kept.defaults, name) or "",
            partial(put, name),
            most=_NEGATIVE_CHARS if name == "negative" else CHOICE_CHARS,
            is_long=name == "negative",
        )
        for name in read
    ]
    return SettingsForm(form_texts.GROUPS["defaults"], parts, carry)


def _label(kept: GuildSettings, editor: GuildSettingsEditor, carry: Carry) -> SettingsForm:
    def put(name: str, settings: GuildSettings, typed: str) -> GuildSettings:
        own = {name: editor.own_words(typed)}
        return replace(settings, label_words=replace(settings.label_words, **own))

    words = {"generated": form_texts.GENERATED, "modified": form_texts.MODIFIED}
    parts: list[Part] = [
        RadioPart("label_corner", kept, form_texts.CORNER, texts.CORNERS),
        SelectPart("label_language", kept, form_texts.LANGUAGE, texts.LANGUAGES),
        *(
            TextPart(
                name,
                label,
                form_texts.WORDS_ABOUT,
                getattr(kept.label_words, name) or "",
                partial(put, name),
                most=MOST_CHARS,
            )
            for name, label in words.items()
        ),
    ]
    return SettingsForm(form_texts.GROUPS["label"], parts, carry)


def _budget(kept: GuildSettings, editor: GuildSettingsEditor, carry: Carry) -> SettingsForm:
    def zone(settings: GuildSettings, typed: str) -> GuildSettings:
        return replace(settings, timezone=editor.zone(typed) if typed else "UTC")

    usd = "" if kept.budget_usd is None else f"{kept.budget_usd:.2f}"
    images = "" if kept.budget_images is None else str(kept.budget_images)
    short = partial(TextPart, most=_NUMBER_CHARS)
    parts: list[Part] = [
        short("budget_images", form_texts.IMAGES, form_texts.NONE_ABOUT, images, _put_images),
        short("budget_usd", form_texts.USD, form_texts.NONE_ABOUT, usd, _put_usd),
        short(
            "budget_warning",
            form_texts.WARNING,
            form_texts.WARNING_ABOUT,
            str(kept.budget_warning),
            _put_warning,
        ),
        TextPart(
            "timezone",
            form_texts.TIMEZONE,
            form_texts.TIMEZONE_ABOUT,
            kept.timezone,
            zone,
            most=CHOICE_CHARS,
        ),
    ]
    return SettingsForm(form_texts.GROUPS["budget"], parts, carry)


def _people(kept: GuildSettings, _: GuildSettingsEditor, carry: Carry) -> SettingsForm:
    log = ChannelPart("log_channel_id", kept, form_texts.LOG, form_texts.LOG_ABOUT)
    role = RolePart("moderator_role_id", kept, form_texts.MODERATOR, form_texts.MODERATOR_ABOUT)
    remix = RadioPart("remix", kept, form_texts.RESTYLING, dict(texts.REMIX_CHOICES))

    def check(interaction: discord.Interaction[Any]) -> None:
        for channel in log.select.values:
            if channel.id != kept.log_channel_id:
                check_can_notify(interaction, channel)
        for chosen in role.select.values:
            if chosen.id != kept.moderator_role_id:
                check_is_below(interaction, chosen)

    return SettingsForm(form_texts.GROUPS["people"], [log, role, remix], carry, check)


def _approval(kept: GuildSettings, _: GuildSettingsEditor, carry: Carry) -> SettingsForm:
    days = "" if kept.approval_days is None else str(kept.approval_days)
    role = RolePart("approval_role_id", kept, form_texts.TRUSTED, form_texts.TRUSTED_ABOUT)
    parts: list[Part] = [
        TextPart(
            "approval_days",
            form_texts.DAYS,
            form_texts.DAYS_ABOUT,
            days,
            _put_days,
            most=_NUMBER_CHARS,
        ),
        role,
    ]

    def check(interaction: discord.Interaction[Any]) -> None:
        for chosen in role.select.values:
            if chosen.id != kept.approval_role_id:
                check_is_for_members(interaction, chosen)

    return SettingsForm(form_texts.GROUPS["approval"], parts, carry, check)


def _put_images(settings: GuildSettings, typed: str) -> GuildSettings:
    images = _number(typed, 0, MOST_BUDGET) if typed else None
    return replace(settings, budget_images=images)


def _put_usd(settings: GuildSettings, typed: str) -> GuildSettings:
    return replace(settings, budget_usd=_usd(typed) if typed else None)


def _put_warning(settings: GuildSettings, typed: str) -> GuildSettings:
    usual = GuildSettings().budget_warning
    return replace(settings, budget_warning=_number(typed, 1, 100) if typed else usual)


def _put_days(settings: GuildSettings, typed: str) -> GuildSettings:
    return replace(settings, approval_days=_number(typed, 1, MOST_DAYS) if typed else None)


def _number(typed: str, least: int, most: int) -> int:
    if not (typed.isascii() and typed.isdigit()) or not least <= int(typed) <= most:
        raise NoNumber(text=typed, least=least, most=most)
    return int(typed)


def _usd(typed: str) -> float:
    try:
        usd = float(typed)
    except ValueError:
        raise NoNumber(text=typed, least=0, most=MOST_BUDGET) from None
    if not 0 <= usd <= MOST_BUDGET:
        raise NoNumber(text=typed, least=0, most=MOST_BUDGET)
    if round(usd, 2) != usd:
        raise BudgetNotInCents(usd=usd)
    return usd


_MakeForm = Callable[[GuildSettings, GuildSettingsEditor, Carry], SettingsForm]
_FORMS: Mapping[Group, _MakeForm] = MappingProxyType(
    {
        Group.PLACES: _places,
        Group.DEFAULTS: _defaults,
        Group.LABEL: _label,
        Group.BUDGET: _budget,
        Group.PEOPLE: _people,
        Group.APPROVAL: _approval,
    }
)
