"""Reads jobs and the line they wait in: a job, a member's jobs, what a pool has to do."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Double,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import HoldKind, Job, JobId, JobState
from bot.domain.jobs.line import Line, Waiting
from bot.ports.queue import Agenda, JobClaims, JobReading, JobRequests
from storage.accounts.guild_pauses import pauses_of
from storage.database.settings import IS_NOT_PAUSED
from storage.database.tables import (
    IS_CLAIMABLE,
    IS_DELAYED,
    IS_DRAWN,
    IS_QUEUED,
    IS_RUNNING,
    IS_WAITING_OR_RUNNING,
    jobs,
    lanes,
)
from storage.database.transactions import Store, on_connection
from storage.queue import deliveries
from storage.queue.rows import job_of

_LONGEST = 500  # jobs; each guild's first ones come first, so a flood hides nobody

_SHOWN = (
    jobs.c.id,
    jobs.c.state,
    jobs.c.priority,
    jobs.c.lane,
    jobs.c.user_id,
    jobs.c.images,
    jobs.c.engine,
    jobs.c.created_at,
    jobs.c.started_at,
    jobs.c.held_for,
)


class SqlReading(Store, JobRequests, JobReading):
    """What `JobRequests` and `JobReading` read of jobs."""

    @override
    @on_connection
    async def find(self, conn: AsyncConnection, job_id: JobId) -> Job | None:
        row = (await conn.execute(select(jobs).where(jobs.c.id == job_id))).one_or_none()
        return job_of(row) if row else None

    @override
    @on_connection
    async def of_member(self, conn: AsyncConnection, user_id: int, limit: int) -> list[Job]:
        theirs = select(jobs).where(jobs.c.user_id == user_id)
        latest = theirs.order_by(jobs.c.created_at.desc(), jobs.c.id.desc()).limit(limit)
        return [job_of(row) for row in await conn.execute(latest)]

    @override
    @on_connection
    async def recent_seconds(self, conn: AsyncConnection, engine: str, limit: int) -> list[float]:
        took = select(jobs.c.drawn_at - jobs.c.started_at).where(jobs.c.engine == engine, IS_DRAWN)
        return list(await conn.scalars(took.order_by(jobs.c.drawn_at.desc()).limit(limit)))


class SqlLine(Store, JobClaims, JobReading):
    """The line of `JobReading`, and what `JobClaims` may claim; all of it without a lock."""

    @override
    @on_connection
    async def agenda(self, conn: AsyncConnection, pools: Sequence[str], now: float) -> Agenda:
        """Return which pools have jobs that may start, and when the next pause ends."""
        look = _look(tuple(pools))
        has_delivery, soonest, *found = (await conn.execute(look, {"at": now})).one()
        names = tuple(pool for pool, is_waiting in zip(pools, found, strict=True) if is_waiting)
        return Agenda(names, bool(has_delivery), soonest)

    @override
    @on_connection
    async def busy(self, conn: AsyncConnection, pools: Sequence[str]) -> list[str]:
        row = (await conn.execute(_busy(tuple(pools)))).one()
        return [pool for pool, is_busy in zip(pools, row, strict=True) if is_busy]

    @override
    @on_connection
    async def line(self, conn: AsyncConnection, pool: str) -> Line:
        """Return the pool's jobs in the order they came, with its virtual times."""
        is_there = (jobs.c.pool == pool, IS_WAITING_OR_RUNNING)
        age = (jobs.c.created_at, jobs.c.id)
        is_held = jobs.c.held_at.is_not(None)
        in_order = (jobs.c.state.desc(), is_held, jobs.c.priority.desc(), *age)
        turn = func.row_number().over(partition_by=jobs.c.lane, order_by=in_order)
        first = select(*_SHOWN, turn.label("turn")).where(*is_there).subquery()
        rows = await conn.execute(select(first).order_by(first.c.turn).limit(_LONGEST))
        kept = sorted(rows.all(), key=lambda row: (row.created_at, row.id))
        waiting = [
            Waiting(
                id=JobId(row.id),
                priority=row.priority,
                lane=row.lane,
                user_id=row.user_id,
                images=row.images,
                engine=row.engine,
                started_at=row.started_at if row.state == JobState.RUNNING else None,
                held_for=None if row.held_for is None else HoldKind(row.held_for),
            )
            for row in kept
        ]
        lanes_in_it = {0, *(job.lane for job in waiting)}
        times = select(lanes).where(lanes.c.pool == pool, lanes.c.lane.in_(lanes_in_it))
        vtimes = {(row.lane, row.user_id): row.vtime for row in await conn.execute(times)}
        others = select(jobs.c.lane, jobs.c.user_id).where(IS_RUNNING, jobs.c.pool != pool)
        elsewhere = [(row.lane, row.user_id) for row in await conn.execute(others)]
        return Line(waiting, vtimes, elsewhere, await pauses_of(conn, lanes_in_it))

    @override
    @on_connection
    async def ahead_of(self, conn: AsyncConnection, job_id: JobId) -> int:
        return await count_ahead(conn, job_id)


@cache
def _look(pools: tuple[str, ...]) -> Select[Any]:
    now = bindparam("at", type_=Double)
    is_due = and_(IS_QUEUED, IS_DELAYED, jobs.c.held_at.is_(None), jobs.c.ready_at <= now)
    waiting = [
        and_(
            IS_NOT_PAUSED,
            or_(
                exists().where(jobs.c.pool == pool, IS_CLAIMABLE),
                exists().where(jobs.c.pool == pool, is_due),
            ),
        )
        for pool in pools
    ]
    next_at = select(func.min(jobs.c.ready_at)).where(IS_DELAYED, jobs.c.ready_at > now)
    return select(deliveries.is_waiting(now), next_at.scalar_subquery(), *waiting)


@cache
def _busy(pools: tuple[str, ...]) -> Select[*tuple[bool, ...]]:
    return select(*(exists().where(jobs.c.pool == pool, IS_WAITING_OR_RUNNING) for pool in pools))


async def count_ahead(conn: AsyncConnection, job_id: JobId) -> int:
    """Count the jobs of the same pool that were accepted earlier and still wait or run.

    What is held back is ahead of nobody.
    """
    return await conn.scalar(jobs_ahead(job_id)) or 0


def jobs_ahead(job_id: JobId | BindParameter[str]) -> Select[int]:
    """Return the query that counts them."""
    own = jobs.alias("own")
    is_earlier = tuple_(jobs.c.created_at, jobs.c.id) < tuple_(own.c.created_at, own.c.id)
    return (
        select(func.count())
        .select_from(own.join(jobs, and_(jobs.c.pool == own.c.pool, is_earlier)))
        .where(own.c.id == job_id, IS_WAITING_OR_RUNNING, jobs.c.held_at.is_(None))
    )
