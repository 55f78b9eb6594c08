"""Keeps the small values of the table `settings`: the program's own, and the pause of the queue."""

import json

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.operations import Pause
from bot.ports.operations import OperationsStore
from bot.ports.settings import SettingsStore
from storage.database import tables
from storage.database.tables import settings
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


_KEY = "pause"
IS_NOT_PAUSED: ColumnElement[bool] = ~exists().where(settings.c.key == _KEY)


class SqlPause(Store, OperationsStore):
    """The pause of `OperationsStore` on SQLite and PostgreSQL."""

    @override
    @in_transaction
    async def pause(self, conn: AsyncConnection, reason: str, now: float) -> None:
        value = json.dumps({"reason": reason, "since": now})
        row = upsert(conn, settings).values(key=_KEY, value=value)
        key = ["key"]
        if reason:
            kept = row.on_conflict_do_update(index_elements=key, set_={"value": row.excluded.value})
        else:
            kept = row.on_conflict_do_nothing(index_elements=key)
        await conn.execute(kept)

    @override
    @in_transaction
    async def resume(self, conn: AsyncConnection) -> bool:
        return (await conn.execute(delete(settings).where(settings.c.key == _KEY))).rowcount == 1

    @override
    @on_connection
    async def paused(self, conn: AsyncConnection) -> Pause | None:
        return await read_pause(conn)


async def read_pause(conn: AsyncConnection) -> Pause | None:
    """Return what stops the claims."""
    value = await conn.scalar(select(settings.c.value).where(settings.c.key == _KEY))
    return None if value is None else Pause(**json.loads(value))
