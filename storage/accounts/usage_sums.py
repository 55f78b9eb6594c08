"""Sums the ledger up, by time, engine and member, for one server or in direct messages."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.usage.report import MemberUse, Sum
from bot.ports.usage.sums import TableRow, UsageSums, Whose
from storage.database.tables import ledger
from storage.database.transactions import Store, on_connection

_ROWS_AT_ONCE = 500  # so that a long table never keeps everybody else waiting
_IMAGES = func.coalesce(func.sum(ledger.c.images), 0).label("images")
_USD = func.coalesce(func.sum(ledger.c.cost_usd), 0.0).label("usd")
_ASSUMED = func.coalesce(func.sum(ledger.c.assumed_usd), 0.0).label("assumed_usd")
_SUM = (_IMAGES, _USD, _ASSUMED)
_WHO = (ledger.c.engine, ledger.c.user_id)
_TABLE = select(*_WHO, func.count().label("jobs"), *_SUM).group_by(*_WHO).order_by(*_WHO)


class SqlUsageSums(Store, UsageSums):
    """`UsageSums` on the table `ledger`."""

    @override
    @on_connection
    async def by_bar_and_engine(
        self, conn: AsyncConnection, bounds: Sequence[float], whose: Whose
    ) -> dict[tuple[int, str], Sum]:
        bar = _bar(bounds)
        found = select(bar, ledger.c.engine, *_SUM).where(_is_it(bounds, whose))
        rows = await conn.execute(found.group_by(bar, ledger.c.engine))
        return {(row.bar, row.engine): _sum(row) for row in rows}

    @override
    @on_connection
    async def by_bar(
        self, conn: AsyncConnection, bounds: Sequence[float], whose: Whose
    ) -> dict[int, Sum]:
        bar = _bar(bounds)
        rows = await conn.execute(select(bar, *_SUM).where(_is_it(bounds, whose)).group_by(bar))
        return {row.bar: _sum(row) for row in rows}

    @override
    @on_connection
    async def by_member(
        self, conn: AsyncConnection, bounds: Sequence[float], whose: Whose, limit: int
    ) -> tuple[list[MemberUse], int]:
        used = select(ledger.c.user_id, *_SUM).where(_is_it(bounds, whose))
        each = used.group_by(ledger.c.user_id).having(func.sum(ledger.c.images) > 0)
        first = each.order_by(_IMAGES.desc(), ledger.c.user_id).limit(limit)
        members = [MemberUse(row.user_id, _sum(row)) for row in await conn.execute(first)]
        count = await conn.scalar(select(func.count()).select_from(each.subquery())) or 0
        return members, count

    @override
    @on_connection
    async def write_table(
        self,
        conn: AsyncConnection,
        bounds: Sequence[float],
        whose: Whose,
        write: Callable[[Sequence[TableRow]], None],
    ) -> None:
        # Bar by bar: what a database sorts it holds in memory, SQLite in this process's.
        for bar, ends in enumerate(pairwise(bounds)):
            rows = await conn.stream(_TABLE.where(_is_it(ends, whose)))
            async for part in rows.partitions(_ROWS_AT_ONCE):
                write([TableRow(bar, row.engine, row.user_id, row.jobs, _sum(row)) for row in part])


def _sum(row: Any) -> Sum:
    return Sum(int(row.images), row.usd, row.assumed_usd)


def _is_it(bounds: Sequence[float], whose: Whose) -> ColumnElement[bool]:
    is_in_time = and_(ledger.c.created_at >= bounds[0], ledger.c.created_at < bounds[-1])
    is_there = ledger.c.guild_id == whose.guild_id
    if whose.guild_id is None:
        is_there = ledger.c.guild_id.is_(None)
    if whose.user_id is None:
        return and_(is_in_time, is_there)
    return and_(is_in_time, is_there, ledger.c.user_id == whose.user_id)


def _bar(bounds: Sequence[float]) -> ColumnElement[int]:
    """Return which bar a row lies in; days are of any length, so no division tells it."""
    ends = enumerate(bounds[1:])
    return case(*((ledger.c.created_at < end, number) for number, end in ends)).label("bar")
