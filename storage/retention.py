"""Clears away what is old: pictures' names, words, rows, tokens and idle lanes, batch by batch."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.jobs import JobId
from storage.lanes import lock_account
from storage.tables import HAS_TOKEN, IS_ENDED, IS_WAITING_OR_RUNNING, jobs, lanes
from storage.whole import whole

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
    async def forget_lanes(self) -> int:
        """Delete lanes that are idle and owe nothing: they would start at the clock again."""
        clock = lanes.alias("clock")
        is_past = exists().where(
            clock.c.pool == lanes.c.pool, clock.c.lane == 0, lanes.c.vtime <= clock.c.vtime
        )
        is_busy = exists().where(
            IS_WAITING_OR_RUNNING,
            jobs.c.pool == lanes.c.pool,
            jobs.c.lane == lanes.c.lane,
            or_(lanes.c.user_id == 0, jobs.c.user_id == lanes.c.user_id),
        )
        async with self._engine.begin() as conn:
            await lock_account(conn)
            idle = delete(lanes).where(lanes.c.lane != 0, is_past, ~is_busy)
            return (await conn.execute(idle)).rowcount

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


def _some(condition: ColumnElement[bool], limit: int) -> Any:
    return select(jobs.c.id).where(condition).limit(limit).scalar_subquery()
