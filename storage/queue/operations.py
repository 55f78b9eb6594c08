"""The queue as a whole: what waits, what runs, what is unknown, and who is put first."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Table,
    Text,
    and_,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import Job, JobId, JobState
from bot.domain.jobs.operations import LOST_SHOWN_S, LostJob, Overview, PoolUse
from bot.domain.jobs.reasons.result_errors import ResultUnreadable
from bot.domain.moderation.acts import ActKind
from storage.accounts.guild_pauses import pause_of
from storage.database.settings import SqlPause, read_pause
from storage.database.tables import (
    IS_ENDED,
    IS_QUEUED,
    IS_RUNNING,
    IS_WAITING_OR_RUNNING,
    jobs,
    lanes,
    ledger,
)
from storage.database.transactions import in_transaction, lock_account, on_connection
from storage.moderation.job_acts import write_for_job
from storage.queue.lanes import PLACE, refresh
from storage.queue.leases import occupies
from storage.queue.rows import job_of

_LOST_SHOWN = 50
_UNREADABLE = ResultUnreadable.__name__


class SqlOperations(SqlPause):
    """`OperationsStore` on SQLite and PostgreSQL."""

    @override
    @on_connection
    async def overview(
        self, conn: AsyncConnection, now: float, guild_id: int | None = None
    ) -> Overview:
        waiting, held, oldest_at = await _waiting(conn, guild_id)
        since = now - LOST_SHOWN_S
        return Overview(
            pools=await _pools(conn, now),
            waiting=waiting,
            held=held,
            guild_pause=None if guild_id is None else await pause_of(conn, guild_id),
            oldest_at=oldest_at,
            pause=await read_pause(conn),
            unknown=await _lost(conn, JobState.UNKNOWN, since, guild_id),
            failed=await _lost(conn, JobState.FAILED, since, guild_id),
            refused=await _lost(conn, JobState.REFUSED, since, guild_id),
            unreadable=await _unreadable(conn, guild_id),
        )

    @override
    @on_connection
    async def live(self, conn: AsyncConnection, guild_id: int, limit: int) -> list[Job]:
        found = select(jobs).where(IS_WAITING_OR_RUNNING, jobs.c.guild_id == guild_id)
        age = (jobs.c.created_at, jobs.c.id)
        in_order = found.order_by(jobs.c.state.desc(), jobs.c.priority.desc(), *age)
        return [job_of(row) for row in await conn.execute(in_order.limit(limit))]

    @override
    @on_connection
    async def free(
        self, conn: AsyncConnection, guild_id: int, after: JobId | None, limit: int
    ) -> list[Job]:
        found = select(jobs).where(IS_QUEUED, jobs.c.held_at.is_(None), jobs.c.guild_id == guild_id)
        if after is not None:
            found = found.where(jobs.c.id > after)
        return [job_of(row) for row in await conn.execute(found.order_by(jobs.c.id).limit(limit))]

    @override
    @in_transaction
    async def put_first(self, conn: AsyncConnection, job_id: JobId, by: int, now: float) -> bool:
        await lock_account(conn)
        is_it = and_(jobs.c.id == job_id, IS_QUEUED)
        place = (await conn.execute(select(*PLACE).where(is_it))).one_or_none()
        if place is None:
            return False
        others = select(func.max(jobs.c.priority)).where(
            IS_QUEUED, jobs.c.pool == place.pool, jobs.c.lane == place.lane, jobs.c.id != job_id
        )
        above = max(await conn.scalar(others) or 0, 0) + 1
        if place.priority < above:
            await conn.execute(update(jobs).where(is_it).values(priority=above))
            await refresh(conn, [place, (await conn.execute(select(*PLACE).where(is_it))).one()])
            await _forget_old_priorities(conn, place)
            await write_for_job(conn, job_id, ActKind.JOB_FIRST, by=by, now=now)
        return True


async def _forget_old_priorities(conn: AsyncConnection, place: Row[Any]) -> None:
    """Delete a member's lanes of priorities that none of their jobs has any more."""
    in_use = select(jobs.c.priority).where(
        IS_WAITING_OR_RUNNING,
        jobs.c.pool == place.pool,
        jobs.c.lane == place.lane,
        jobs.c.user_id == place.user_id,
    )
    theirs = delete(lanes).where(
        lanes.c.pool == place.pool, lanes.c.lane == place.lane, lanes.c.user_id == place.user_id
    )
    is_old = and_(lanes.c.priority != 0, lanes.c.since.is_(None), lanes.c.priority.not_in(in_use))
    await conn.execute(theirs.where(is_old))


async def _pools(conn: AsyncConnection, now: float) -> dict[str, PoolUse]:
    is_lost = occupies(now)
    counted = (
        select(
            jobs.c.pool,
            func.count().filter(IS_RUNNING).label("running"),
            func.count().filter(is_lost).label("lost"),
        )
        .where(or_(IS_RUNNING, is_lost))
        .group_by(jobs.c.pool)
    )
    return {
        row.pool: PoolUse(busy=row.running + row.lost, lost=row.lost)
        for row in await conn.execute(counted)
    }


async def _waiting(conn: AsyncConnection, guild_id: int | None) -> tuple[int, int, float | None]:
    """Return how many wait and may start, how many are held back, and since when the first do."""
    is_free = jobs.c.held_at.is_(None)
    counted = select(
        func.count().filter(is_free).label("waiting"),
        func.count().filter(~is_free).label("held"),
        func.min(jobs.c.created_at).filter(is_free).label("oldest_at"),
    ).where(IS_QUEUED)
    if guild_id is not None:
        counted = counted.where(jobs.c.guild_id == guild_id)
    row = (await conn.execute(counted)).one()
    return row.waiting, row.held, row.oldest_at


async def _lost(
    conn: AsyncConnection, state: JobState, since: float, guild_id: int | None
) -> tuple[LostJob, ...]:
    """Ask the ledger, because it outlives the jobs."""
    is_it = and_(
        ledger.c.state == state,
        ledger.c.finished_at >= since,
        ledger.c.error_code.is_distinct_from(_UNREADABLE),
    )
    return await _listed(conn, ledger, ledger.c.job_id, is_it, guild_id)


async def _unreadable(conn: AsyncConnection, guild_id: int | None) -> tuple[LostJob, ...]:
    """Ask the jobs, because they know whether the pictures are kept still."""
    is_it = and_(IS_ENDED, jobs.c.error_code == _UNREADABLE, cast(jobs.c.outputs, Text) != "[]")
    return await _listed(conn, jobs, jobs.c.id, is_it, guild_id)


async def _listed(
    conn: AsyncConnection,
    table: Table,
    job_id: ColumnElement[str],
    is_it: ColumnElement[bool],
    guild_id: int | None,
) -> tuple[LostJob, ...]:
    rest = [table.c[name] for name in LostJob.__dataclass_fields__ if name != "job_id"]
    found = select(job_id.label("job_id"), *rest).where(is_it)
    if guild_id is not None:
        found = found.where(table.c.guild_id == guild_id)
    latest = found.order_by(table.c.finished_at.desc()).limit(_LOST_SHOWN)
    rows = await conn.execute(latest)
    return tuple(LostJob(**{**row, "job_id": JobId(row["job_id"])}) for row in rows.mappings())
