"""Keeps what moderators set with /settings for a whole server, and writes each change down."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.guilds.settings import EVERYONE, GuildSettings, RoleRule
from bot.domain.labels.corners import Corner
from bot.domain.labels.wording import LabelLanguage, OwnWords
from bot.domain.members.defaults import Defaults
from bot.domain.members.remixing import RemixRule
from bot.domain.moderation.acts import Act, ActKind
from bot.domain.wording import mentions
from bot.ports.accounts import Change, GuildSettingsStore
from storage.database.tables import guild_settings
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.database.upsert import upsert
from storage.moderation import audit


@dataclass(frozen=True, slots=True)
class _Kept:
    """Under which key a setting is kept, and how its text becomes it and it a text.

    `told` is how a value is written down for moderators to read: see `Act`.
    """

    key: str
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str
    told: Callable[[Any], str] = str


def _bool(text: str) -> bool:
    return text == "yes"


def _bool_text(value: bool) -> str:  # noqa: FBT001 - a value to keep, among others
    return "yes" if value else "no"


def _ids(text: str) -> tuple[int, ...]:
    return tuple(json.loads(text))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _rules(text: str) -> tuple[RoleRule, ...]:
    return tuple(
        RoleRule(each["role"], tuple(each["engines"]), tuple(each["styles"]))
        for each in json.loads(text)
    )


def _rules_text(rules: tuple[RoleRule, ...]) -> str:
    return _json([{"role": r.role_id, "engines": r.engines, "styles": r.styles} for r in rules])


def _defaults(text: str) -> Defaults:
    return Defaults(**json.loads(text))


def _defaults_text(defaults: Defaults) -> str:
    return _json({name: value for name, value in asdict(defaults).items() if value is not None})


def _own_words(text: str) -> OwnWords:
    return OwnWords(**json.loads(text))


def _own_words_text(words: OwnWords) -> str:
    return _json({name: value for name, value in asdict(words).items() if value is not None})


def _own_words_told(words: OwnWords) -> str:
    return " / ".join(f"“{each}”" for each in (words.generated, words.modified) if each)


def _channels_told(channel_ids: tuple[int, ...]) -> str:
    return ", ".join(map(mentions.channel, channel_ids))


def _rules_told(rules: tuple[RoleRule, ...]) -> str:
    """Tell who may use what; a star is all there is."""
    return "; ".join(
        f"{_role_told(rule.role_id)}: {', '.join((*rule.engines, *rule.styles)) or '*'}"
        for rule in rules
    )


def _role_told(role_id: int) -> str:
    return "@everyone" if role_id == EVERYONE else mentions.role(role_id)


def _defaults_told(defaults: Defaults) -> str:
    set_ = {name: value for name, value in asdict(defaults).items() if value is not None}
    return "; ".join(f"{name}: {value}" for name, value in set_.items())


# By the names of the fields; the keys are kept, so none is ever renamed.
_KEPT: Mapping[str, _Kept] = MappingProxyType(
    {
        "timezone": _Kept("timezone"),
        "budget_images": _Kept("budget_images", int),
        "budget_usd": _Kept("budget_usd", float, told="{:.2f} USD".format),
        "budget_warning": _Kept("budget_warning", int, told="{} %".format),
        "log_channel_id": _Kept("log_channel", int, told=mentions.channel),
        "moderator_role_id": _Kept("moderator", int, told=mentions.role),
        "remix": _Kept("remix", RemixRule),
        "channels": _Kept("channels", _ids, _json, _channels_told),
        "spoiler_channels": _Kept("spoiler_channels", _ids, _json, _channels_told),
        "allows_private": _Kept("private", _bool, _bool_text, _bool_text),
        "role_rules": _Kept("role_rules", _rules, _rules_text, _rules_told),
        "defaults": _Kept("defaults", _defaults, _defaults_text, _defaults_told),
        "label_corner": _Kept("label_corner", Corner),
        "label_language": _Kept("label_language", LabelLanguage),
        "label_words": _Kept("label_words", _own_words, _own_words_text, _own_words_told),
        "approval_days": _Kept("approval_days", int),
        "approval_role_id": _Kept("approval_role", int, told=mentions.role),
    }
)
_UNSET = GuildSettings()
_NONE_OF_IT = (None, (), Defaults(), OwnWords())


class SqlGuildSettings(Store, GuildSettingsStore):
    """`GuildSettingsStore` on the table `guild_settings`: texts by their keys."""

    @override
    @on_connection
    async def settings(self, conn: AsyncConnection, guild_id: int | None) -> GuildSettings:
        return GuildSettings() if guild_id is None else await settings_of(conn, guild_id)

    @override
    @in_transaction
    async def change(
        self, conn: AsyncConnection, guild_id: int, change: Change, *, by: int, now: float
    ) -> tuple[GuildSettings, GuildSettings]:
        # Under the mutex: of two moderators who each add a channel, neither undoes the other's.
        await lock_account(conn)
        before = await settings_of(conn, guild_id)
        after = change(before)
        for name, kept in _KEPT.items():
            is_now = _text_of(after, name)
            if _text_of(before, name) == is_now:
                continue
            await _keep(conn, guild_id, kept.key, is_now)
            was, is_now = _told(before, name), _told(after, name)
            act = Act(guild_id, by, ActKind.SETTING, now, target=kept.key, before=was, after=is_now)
            await audit.write(conn, act)
        return before, after


async def settings_of(conn: AsyncConnection, guild_id: int) -> GuildSettings:
    """Return what a server's moderators set with /settings."""
    columns = (guild_settings.c.key, guild_settings.c.value)
    rows = await conn.execute(select(*columns).where(guild_settings.c.guild_id == guild_id))
    texts: dict[str, str] = {row.key: row.value for row in rows}
    known = {name: kept for name, kept in _KEPT.items() if kept.key in texts}
    return GuildSettings(**{name: kept.read(texts[kept.key]) for name, kept in known.items()})


def _text_of(settings: GuildSettings, name: str) -> str | None:
    """Return a setting as it is kept: None for what is as if nobody had set it."""
    value = getattr(settings, name)
    return None if value == getattr(_UNSET, name) else _KEPT[name].write(value)


def _told(settings: GuildSettings, name: str) -> str | None:
    """Return a setting as moderators read it, also where nobody set it; None for none of it."""
    value = getattr(settings, name)
    return None if value in _NONE_OF_IT else _KEPT[name].told(value)


async def _keep(conn: AsyncConnection, guild_id: int, key: str, value: str | None) -> None:
    """Keep a text; None removes it."""
    if value is None:
        is_it = (guild_settings.c.guild_id == guild_id, guild_settings.c.key == key)
        await conn.execute(delete(guild_settings).where(*is_it))
        return
    row = upsert(conn, guild_settings).values(guild_id=guild_id, key=key, value=value)
    new = {"value": row.excluded.value}
    await conn.execute(row.on_conflict_do_update(index_elements=["guild_id", "key"], set_=new))
