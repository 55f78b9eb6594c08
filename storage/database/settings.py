"""Keeps the small values the program remembers about itself."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database import tables
from storage.database.upsert import upsert
from storage.database.whole import whole


class SqlSettings:
    """`SettingsStore` on the table `settings`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @whole
    async def value(self, key: str) -> str | None:
        """Return a kept value."""
        kept = select(tables.settings.c.value).where(tables.settings.c.key == key)
        async with self._engine.connect() as conn:
            value: str | None = await conn.scalar(kept)
        return value

    @whole
    async def keep(self, key: str, value: str) -> None:
        """Keep a value."""
        async with self._engine.begin() as conn:
            row = upsert(conn, tables.settings).values(key=key, value=value)
            await conn.execute(
                row.on_conflict_do_update(
                    index_elements=["key"], set_={"value": row.excluded.value}
                )
            )
