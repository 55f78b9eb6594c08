"""Reads the ledger."""

from collections.abc import Sequence

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.ports import UsageRow
from bot.domain.quotas.reconciling import Tally
from storage.accounts.ledger import its_job
from storage.accounts.tallies import tallies
from storage.database.tables import jobs, ledger
from storage.database.whole import whole

_LIVE = ("state", "started_at", "request_id")
_COLUMNS = [
    # Until a row is closed, its job knows better.
    case((ledger.c.finished_at.is_(None), its_job(jobs.c[name])), else_=ledger.c[name]).label(name)
    if name in _LIVE
    else ledger.c[name]
    for name in UsageRow.__dataclass_fields__
]


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

    @whole
    async def tallies(self, pools: Sequence[str], since: float) -> list[Tally]:
        """Return how many pictures each engine of these pools made since a time."""
        async with self._engine.connect() as conn:
            return await tallies(conn, pools, since)
