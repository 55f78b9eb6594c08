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
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.jobs.job import JobId
from storage.database.tables import HAS_TOKEN, IS_ENDED, IS_WAITING_OR_RUNNING, jobs, lanes
from storage.database.whole import whole
from storage.queue.lanes import lock_account

_NOTHING = "[]"
_HAS_PICTURES = or_(
    cast(jobs.c.inputs, Text) != _NOTHING,
    cast(jobs.c.outputs, Text) != _NOTHING,
    cast(jobs.c.results, Text) != _NOTHING,
)
_HAS_WORDS = or_(jobs.c.prompt.is_not(None), jobs.c.negative.is_not(None))


class SqlRetention:
    """`RetentionStore` on SQLite and PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @whole
    async def with_old_pictures(self, before: float, limit: int) -> dict[JobId, list[str]]:
        """Return jobs that ended before a time and still name pictures, with the blobs' keys."""
        found = select(jobs.c.id, jobs.c.inputs, jobs.c.outputs).where(
            IS_ENDED, jobs.c.finished_at < before, _HAS_PICTURES
        )
        async with self._engine.connect() as conn:
            rows = await conn.execute(found.order_by(jobs.c.finished_at).limit(limit))
            return {JobId(row.id): [*row.inputs, *row.outputs] for row in rows}

    @whole
    async def forget_pictures(self, job_ids: Sequence[JobId]) -> None:
        """Note that the pictures of these jobs are gone."""
        gone = update(jobs).where(jobs.c.id.in_(job_ids))
        async with self._engine.begin() as conn:
            await lock_account(conn)
            await conn.execute(gone.values(inputs=[], outputs=[], results=[]))

    @whole
    async def forget_words(self, before: float, limit: int) -> int:
        """Clear prompts of jobs that ended before a time."""
        is_old = and_(IS_ENDED, jobs.c.finished_at < before, _HAS_WORDS)
        return await self._clear(is_old, limit, prompt=None, negative=None)

    @whole
    async def forget_jobs(self, before: float, limit: int) -> int:
        """Delete jobs that ended before a time and are cleared; their ledger rows stay."""
        is_old = and_(IS_ENDED, jobs.c.finished_at < before, ~_HAS_WORDS, ~_HAS_PICTURES)
        async with self._engine.begin() as conn:
            await lock_account(conn)
            gone = await conn.execute(delete(jobs).where(jobs.c.id.in_(_some(is_old, limit))))
        return gone.rowcount

    @whole
    async def forget_tokens(self, before: float, limit: int) -> int:
        """Clear the interaction tokens of jobs accepted before a time."""
        return await self._clear(and_(HAS_TOKEN, jobs.c.created_at < before), limit, token="")

    @whole
    async def forget_lanes(self, limit: int) -> int:
        """Delete lanes that are idle and owe nothing: they would start at the clock again."""
        key = tuple_(*lanes.primary_key)
        async with self._engine.begin() as conn:
            await lock_account(conn)
            gone = await conn.execute(delete(lanes).where(key.in_(_idle_lanes(limit))))
        return gone.rowcount

    @whole
    async def strangers(self, job_ids: Sequence[str]) -> list[str]:
        """Return those of the ids that no job has."""
        async with self._engine.connect() as conn:
            known = set(await conn.scalars(select(jobs.c.id).where(jobs.c.id.in_(job_ids))))
        return [job_id for job_id in job_ids if job_id not in known]

    async def _clear(self, condition: ColumnElement[bool], limit: int, **changes: Any) -> int:
        cleared = update(jobs).where(jobs.c.id.in_(_some(condition, limit))).values(changes)
        async with self._engine.begin() as conn:
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
