"""Keeps what servers' owners were told, with the server's settings."""

from sqlalchemy import Select, and_, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.moderation.owner_notices import OwnerNotice
from bot.ports.moderation.owner_notices import OwnerNoticeStore
from storage.database.tables import guild_settings
from storage.database.transactions import Store, in_transaction
from storage.database.upsert import upsert


class SqlOwnerNotices(Store, OwnerNoticeStore):
    """`OwnerNoticeStore` on the table `guild_settings`."""

    @override
    @in_transaction
    async def note(
        self, conn: AsyncConnection, guild_id: int, notice: OwnerNotice, channel_id: int | None
    ) -> bool:
        value = str(channel_id or "")
        key = {"guild_id": guild_id, "key": notice.value}
        row = upsert(conn, guild_settings).values(**key, value=value)
        changed = row.on_conflict_do_update(
            index_elements=list(key),
            set_={"value": row.excluded.value},
            where=guild_settings.c.value != row.excluded.value,
        )
        is_new = (await conn.execute(changed)).rowcount == 1
        return is_new and not await conn.scalar(_told_otherwise(guild_id, notice, value))

    @override
    @in_transaction
    async def forget(self, conn: AsyncConnection, guild_id: int, notice: OwnerNotice) -> None:
        is_it = and_(guild_settings.c.guild_id == guild_id, guild_settings.c.key == notice.value)
        await conn.execute(delete(guild_settings).where(is_it))


def _told_otherwise(guild_id: int, notice: OwnerNotice, value: str) -> Select[bool]:
    """Whether another notice has told of the same channel: each says what all of them come to."""
    others = [each.value for each in OwnerNotice if each is not notice]
    return select(
        exists().where(
            guild_settings.c.guild_id == guild_id,
            guild_settings.c.key.in_(others),
            guild_settings.c.value == value,
        )
    )
