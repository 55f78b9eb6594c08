"""Reads the ledger: its rows, and what each engine made, for a comparison with the cloud."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import JobState
from bot.domain.quotas.reconciling import EngineUsage
from bot.ports.accounts import UsageRow, UsageStore
from storage.accounts.ledger import its_job
from storage.database.tables import jobs, ledger
from storage.database.transactions import Store, on_connection

_MADE = (JobState.DONE, JobState.CANCELLED)
_UNSURE = (JobState.UNKNOWN, JobState.REFUSED)
_AT_WORK = (JobState.RUNNING, JobState.DELIVERING)
_LIVE = ("state", "started_at", "request_id")
_IS_OPEN = ledger.c.finished_at.is_(None)


def _column(name: str) -> ColumnElement[Any]:
    """Return a field of a usage row; until a row is closed, its job knows better."""
    if name == "held":
        return and_(_IS_OPEN, its_job(jobs.c.held_at).is_not(None)).label(name)
    if name in _LIVE:
        return case((_IS_OPEN, its_job(jobs.c[name])), else_=ledger.c[name]).label(name)
    return ledger.c[name]


_COLUMNS = [_column(name) for name in UsageRow.__dataclass_fields__]


class SqlUsage(Store, UsageStore):
    """`UsageStore` on the table `ledger`."""

    @override
    @on_connection
    async def rows(
        self, conn: AsyncConnection, since: float, guild_id: int | None = None
    ) -> list[UsageRow]:
        chosen = select(*_COLUMNS).where(ledger.c.created_at >= since)
        if guild_id is not None:
            chosen = chosen.where(ledger.c.guild_id == guild_id)
        rows = await conn.execute(chosen.order_by(ledger.c.created_at, ledger.c.job_id))
        return [UsageRow(**row) for row in rows.mappings()]

    @on_connection
    async def by_engine(
        self, conn: AsyncConnection, pools: Sequence[str], since: float
    ) -> list[EngineUsage]:
        """Return what these pools' jobs that ended or may have been at work from a time on made.

        A job that was accepted before that time and ended after it is unsure, whatever its end.
        """
        state = case((ledger.c.finished_at.is_(None), its_job(jobs.c.state)), else_=ledger.c.state)
        is_whole = ledger.c.created_at >= since
        certain = case((state.in_(_MADE) & is_whole, ledger.c.images), else_=literal(0))
        is_unsure = state.in_((*_UNSURE, *_AT_WORK)) | (state.in_(_MADE) & ~is_whole)
        unsure = case((is_unsure, ledger.c.reserved), else_=literal(0))
        counted = (
            select(
                ledger.c.engine,
                func.sum(certain).label("certain"),
                func.sum(unsure).label("unsure"),
                func.sum(ledger.c.cost_usd).label("cost_usd"),
            )
            .where(
                ledger.c.pool.in_(pools),
                (ledger.c.finished_at >= since) | ledger.c.finished_at.is_(None),
            )
            .group_by(ledger.c.engine)
        )
        rows = (await conn.execute(counted)).all()
        found = [
            EngineUsage(row.engine, int(row.certain), int(row.unsure), row.cost_usd) for row in rows
        ]
        return [each for each in found if each.certain or each.unsure]
