"""Keeps the small values the program remembers about itself."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.ports.accounts import SettingsStore
from storage.database import tables
from storage.database.transactions import Store, in_transaction, on_connection
from storage.database.upsert import upsert


class SqlSettings(Store, SettingsStore):
    """`SettingsStore` on the table `settings`."""

    @override
    @on_connection
    async def value(self, conn: AsyncConnection, key: str) -> str | None:
        kept = select(tables.settings.c.value).where(tables.settings.c.key == key)
        value: str | None = await conn.scalar(kept)
        return value

    @override
    @in_transaction
    async def keep(self, conn: AsyncConnection, key: str, value: str) -> None:
        row = upsert(conn, tables.settings).values(key=key, value=value)
        await conn.execute(
            row.on_conflict_do_update(index_elements=["key"], set_={"value": row.excluded.value})
        )
