"""Reads the ledger."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.ports import UsageRow
from storage.tables import ledger
from storage.whole import whole

_COLUMNS = [ledger.c[name] for name in UsageRow.__dataclass_fields__]


class SqlUsage:
    """`UsageStore` on the table `ledger`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @whole
    async def rows(self, since: float, guild_id: int | None = None) -> list[UsageRow]:
        """Return rows created at or after `since`, oldest first."""
        chosen = select(*_COLUMNS).where(ledger.c.created_at >= since)
        if guild_id is not None:
            chosen = chosen.where(ledger.c.guild_id == guild_id)
        async with self._engine.connect() as conn:
            rows = await conn.execute(chosen.order_by(ledger.c.created_at, ledger.c.job_id))
            return [UsageRow(**row) for row in rows.mappings()]
