"""Clears away what is old: pictures' names, words, rows, tokens and idle lanes, batch by batch."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    Text,
    and_,
    cast,
    delete,
    exists,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import JobId
from bot.ports.operations import RetentionStore
from storage.database.tables import HAS_TOKEN, IS_ENDED, IS_WAITING_OR_RUNNING, jobs, lanes
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.members.tables import job_messages, reports
from storage.moderation.tables import approvals

_NOTHING = "[]"
_HAS_PICTURES = or_(
    cast(jobs.c.inputs, Text) != _NOTHING,
    cast(jobs.c.outputs, Text) != _NOTHING,
    cast(jobs.c.results, Text) != _NOTHING,
)
_HAS_WORDS = or_(jobs.c.prompt.is_not(None), jobs.c.negative.is_not(None))


class SqlRetention(Store, RetentionStore):
    """`RetentionStore` on SQLite and PostgreSQL."""

    @override
    @on_connection
    async def with_old_pictures(
        self, conn: AsyncConnection, before: float, limit: int
    ) -> dict[JobId, list[str]]:
        # Deleted ones, too, where whoever deleted them died before their files were gone.
        is_due = or_(jobs.c.finished_at < before, jobs.c.deleted_at.is_not(None))
        found = select(jobs.c.id, jobs.c.inputs, jobs.c.outputs).where(
            IS_ENDED, is_due, _HAS_PICTURES
        )
        rows = await conn.execute(found.order_by(jobs.c.finished_at).limit(limit))
        return {JobId(row.id): [*row.inputs, *row.outputs] for row in rows}

    @override
    @in_transaction
    async def forget_pictures(self, conn: AsyncConnection, job_ids: Sequence[JobId]) -> None:
        gone = update(jobs).where(jobs.c.id.in_(job_ids))
        await lock_account(conn)
        await conn.execute(gone.values(inputs=[], outputs=[], results=[]))

    @override
    @in_transaction
    async def forget_words(self, conn: AsyncConnection, before: float, limit: int) -> int:
        is_old = and_(IS_ENDED, jobs.c.finished_at < before, _HAS_WORDS)
        return await _clear(conn, is_old, limit, prompt=None, negative=None)

    @override
    @in_transaction
    async def forget_jobs(self, conn: AsyncConnection, before: float, limit: int) -> int:
        is_old = and_(IS_ENDED, jobs.c.finished_at < before, ~_HAS_WORDS, ~_HAS_PICTURES)
        await lock_account(conn)
        going = delete(jobs).where(jobs.c.id.in_(_some(is_old, limit))).returning(jobs.c.id)
        gone = (await conn.scalars(going)).all()
        await conn.execute(delete(job_messages).where(job_messages.c.job_id.in_(gone)))
        # A report is younger than its job's end, so its job has gone before it.
        await conn.execute(delete(reports).where(reports.c.created_at < before))
        await conn.execute(delete(approvals).where(approvals.c.decided_at < before))
        return len(gone)

    @override
    @in_transaction
    async def forget_tokens(self, conn: AsyncConnection, before: float, limit: int) -> int:
        is_old = and_(HAS_TOKEN, jobs.c.created_at < before)
        return await _clear(conn, is_old, limit, token="")

    @override
    @in_transaction
    async def forget_lanes(self, conn: AsyncConnection, limit: int) -> int:
        key = tuple_(*lanes.primary_key)
        await lock_account(conn)
        gone = await conn.execute(delete(lanes).where(key.in_(_idle_lanes(limit))))
        return gone.rowcount

    @override
    @on_connection
    async def strangers(self, conn: AsyncConnection, job_ids: Sequence[str]) -> list[str]:
        known = set(await conn.scalars(select(jobs.c.id).where(jobs.c.id.in_(job_ids))))
        return [job_id for job_id in job_ids if job_id not in known]


async def _clear(
    conn: AsyncConnection, condition: ColumnElement[bool], limit: int, **changes: Any
) -> int:
    cleared = update(jobs).where(jobs.c.id.in_(_some(condition, limit))).values(changes)
    await lock_account(conn)
    return (await conn.execute(cleared)).rowcount


def _idle_lanes(limit: int) -> Any:
    clock, idle, busy = lanes.alias("clock"), lanes.alias("idle"), _busy()
    is_past = exists().where(
        clock.c.pool == idle.c.pool, clock.c.lane == 0, idle.c.vtime <= clock.c.vtime
    )
    # A join, because EXISTS and, on SQLite, NOT IN walk over the live jobs again for every lane.
    is_its = and_(*(busy.c[name] == idle.c[name] for name in ("pool", "lane", "user_id")))
    with_busy = idle.outerjoin(busy, is_its)
    keys = select(*idle.primary_key).select_from(with_busy)
    return keys.where(idle.c.lane != 0, is_past, busy.c.lane.is_(None)).limit(limit)


def _busy() -> Subquery:
    """Return the guilds, as user 0, and the members that a job waits or runs for."""
    live = select(jobs.c.pool, jobs.c.lane).where(IS_WAITING_OR_RUNNING)
    guilds = live.add_columns(literal_column("0", BigInteger).label("user_id"))
    return guilds.union_all(live.add_columns(jobs.c.user_id)).subquery("busy")


def _some(condition: ColumnElement[bool], limit: int) -> Any:
    return select(jobs.c.id).where(condition).limit(limit).scalar_subquery()
