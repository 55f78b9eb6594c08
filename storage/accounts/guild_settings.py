"""Keeps what moderators set with /settings for a whole server."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.guilds.settings import GuildSettings
from bot.domain.members.remixing import RemixRule
from bot.domain.quotas.allowances import UNLIMITED
from bot.ports.accounts import GuildSettingsStore
from storage.database.tables import guild_settings
from storage.database.transactions import Store, in_transaction, on_connection
from storage.database.upsert import upsert

_TIMEZONE, _LOG_CHANNEL, _MODERATOR = "timezone", "log_channel", "moderator"
_REMIX = "remix"
_BUDGET_IMAGES, _BUDGET_USD = "budget_images", "budget_usd"


class SqlGuildSettings(Store, GuildSettingsStore):
    """`GuildSettingsStore` on the table `guild_settings`: texts by their keys."""

    @override
    @on_connection
    async def settings(self, conn: AsyncConnection, guild_id: int) -> GuildSettings:
        return await settings_of(conn, guild_id)

    @override
    @in_transaction
    async def set_timezone(self, conn: AsyncConnection, guild_id: int, name: str) -> None:
        await _keep(conn, guild_id, _TIMEZONE, name)

    @override
    @in_transaction
    async def set_log_channel(
        self, conn: AsyncConnection, guild_id: int, channel_id: int | None
    ) -> None:
        await _keep(conn, guild_id, _LOG_CHANNEL, channel_id)

    @override
    @in_transaction
    async def set_moderator_role(
        self, conn: AsyncConnection, guild_id: int, role_id: int | None
    ) -> None:
        await _keep(conn, guild_id, _MODERATOR, role_id)

    @override
    @in_transaction
    async def set_remix(self, conn: AsyncConnection, guild_id: int, rule: RemixRule) -> None:
        await _keep(conn, guild_id, _REMIX, rule.value)

    @override
    @in_transaction
    async def set_budgets(
        self, conn: AsyncConnection, guild_id: int, images: int | None, usd: float | None
    ) -> None:
        for key, value in ((_BUDGET_IMAGES, images), (_BUDGET_USD, usd)):
            if value is not None:
                await _keep(conn, guild_id, key, None if value == UNLIMITED else value)


async def settings_of(conn: AsyncConnection, guild_id: int) -> GuildSettings:
    """Return what a server's moderators set with /settings."""
    columns = (guild_settings.c.key, guild_settings.c.value)
    rows = await conn.execute(select(*columns).where(guild_settings.c.guild_id == guild_id))
    kept: dict[str, str] = {row.key: row.value for row in rows}
    images, usd = kept.get(_BUDGET_IMAGES), kept.get(_BUDGET_USD)
    log_channel, moderator = kept.get(_LOG_CHANNEL), kept.get(_MODERATOR)
    return GuildSettings(
        timezone=kept.get(_TIMEZONE, "UTC"),
        budget_images=None if images is None else int(images),
        budget_usd=None if usd is None else float(usd),
        log_channel_id=None if log_channel is None else int(log_channel),
        moderator_role_id=None if moderator is None else int(moderator),
        remix=RemixRule(kept.get(_REMIX, RemixRule.MEMBERS)),
    )


async def _keep(conn: AsyncConnection, guild_id: int, key: str, value: Any) -> None:
    """Keep a value as text; None removes it."""
    if value is None:
        is_it = (guild_settings.c.guild_id == guild_id, guild_settings.c.key == key)
        await conn.execute(delete(guild_settings).where(*is_it))
        return
    row = upsert(conn, guild_settings).values(guild_id=guild_id, key=key, value=str(value))
    new = {"value": row.excluded.value}
    await conn.execute(row.on_conflict_do_update(index_elements=["guild_id", "key"], set_=new))
