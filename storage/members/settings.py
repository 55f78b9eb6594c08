"""Keeps what members set for themselves."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.ports.members import MemberSettingsStore
from storage.database.transactions import Store, in_transaction, on_connection
from storage.database.upsert import upsert
from storage.members.tables import member_settings

_KEY = ["user_id", "key"]


class SqlMemberSettings(Store, MemberSettingsStore):
    """`MemberSettingsStore` on the table `member_settings`."""

    @override
    @on_connection
    async def value(self, conn: AsyncConnection, user_id: int, key: str) -> str | None:
        kept = select(member_settings.c.value).where(
            member_settings.c.user_id == user_id, member_settings.c.key == key
        )
        value: str | None = await conn.scalar(kept)
        return value

    @override
    @on_connection
    async def values(self, conn: AsyncConnection, user_id: int) -> dict[str, str]:
        kept = select(member_settings.c.key, member_settings.c.value)
        rows = await conn.execute(kept.where(member_settings.c.user_id == user_id))
        return {row.key: row.value for row in rows}

    @override
    @in_transaction
    async def keep(self, conn: AsyncConnection, user_id: int, key: str, value: str | None) -> None:
        await _keep(conn, user_id, key, value)

    @override
    @in_transaction
    async def keep_all(
        self, conn: AsyncConnection, user_id: int, values: Mapping[str, str | None]
    ) -> None:
        # Always in one order, so that no two transactions wait for each other's rows.
        for key, value in sorted(values.items()):
            await _keep(conn, user_id, key, value)

    @override
    @in_transaction
    async def keep_first(self, conn: AsyncConnection, user_id: int, key: str, value: str) -> bool:
        row = upsert(conn, member_settings).values(user_id=user_id, key=key, value=value)
        kept = await conn.execute(row.on_conflict_do_nothing(index_elements=_KEY))
        return kept.rowcount == 1


async def _keep(conn: AsyncConnection, user_id: int, key: str, value: str | None) -> None:
    if value is None:
        is_it = (member_settings.c.user_id == user_id, member_settings.c.key == key)
        await conn.execute(delete(member_settings).where(*is_it))
        return
    row = upsert(conn, member_settings).values(user_id=user_id, key=key, value=value)
    new = {"value": row.excluded.value}
    await conn.execute(row.on_conflict_do_update(index_elements=_KEY, set_=new))
