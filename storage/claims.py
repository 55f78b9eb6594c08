"""Takes the next job of a pool in fair order, over the heads of lanes instead of over rows.

The order is start-time fair queueing: priority, then the guild with the fewest running jobs and
the least virtual time, in it the member with the fewest and the least, then who came first.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain.jobs import JobState
from bot.domain.limits import RunLimits
from storage import lanes as virtual_time
from storage import ledger
from storage.tables import IS_CLAIMABLE, IS_PAUSED, IS_QUEUED, IS_RUNNING, jobs, lanes


@dataclass(frozen=True, slots=True)
class Claim:
    """Who claims from which pool, and under which limits; times are unix seconds."""

    pool: str
    worker: str
    limits: RunLimits
    now: float
    lease_until: float


async def claim_next(conn: AsyncConnection, claim: Claim) -> Row[Any] | None:
    """Take the next job if every limit leaves room, charge its lanes and advance the clock.

    Without a job the caller should roll back, so that an idle look costs no disk write.
    """
    await virtual_time.lock_account(conn)
    await _wake_paused(conn, claim.now)
    for turn in await conn.execute(_turns(claim)):
        taken = await conn.execute(_take(claim, turn.priority, turn.lane))
        row: Row[Any] | None = taken.one_or_none()
        # No row: all members waiting here run elsewhere. That many guilds at most are skipped.
        if row is not None:
            await _charge(conn, row, turn.vtime, turn.clock)
            await ledger.follow(conn, [row.id], JobState.RUNNING, started_at=claim.now)
            return row
    return None


async def _wake_paused(conn: AsyncConnection, now: float) -> None:
    # The index of claimable jobs holds no paused ones, so a claim never reads over them.
    is_due = and_(IS_QUEUED, IS_PAUSED, jobs.c.ready_at <= now)
    await conn.execute(update(jobs).where(is_due).values(ready_at=0.0))


async def _charge(conn: AsyncConnection, row: Row[Any], vtime: float, clock: float) -> None:
    await virtual_time.charge(conn, row, clock)
    if vtime > clock:
        await virtual_time.set_clock(conn, row.pool, vtime)


def _turns(claim: Claim) -> Select[Any]:
    """Return the guilds that may start a job, each with its priority, in fair order."""
    waiting = _waiting_guilds(claim.pool)
    busy = _running_by(jobs.c.lane)
    running = func.coalesce(busy.c.running, 0)
    vtime = _vtime(claim.pool, waiting.c.lane, 0)
    clock = _vtime(claim.pool, 0, 0)
    is_there = and_(
        jobs.c.pool == claim.pool,
        jobs.c.priority == waiting.c.priority,
        jobs.c.lane == waiting.c.lane,
        IS_CLAIMABLE,
    )
    since = select(func.min(jobs.c.created_at)).where(is_there).correlate(waiting)
    return (
        select(waiting.c.priority, waiting.c.lane, vtime.label("vtime"), clock.label("clock"))
        .select_from(waiting.outerjoin(busy, busy.c.lane == waiting.c.lane))
        .where(
            waiting.c.lane.is_not(None),
            running < claim.limits.per_guild,
            _running_in(claim.pool) < claim.limits.pools[claim.pool],
        )
        .order_by(waiting.c.priority.desc(), running, vtime, since.scalar_subquery())
    )


def _take(claim: Claim, priority: int, lane: int) -> ReturningUpdate[Any]:
    """Return the update that starts the head of the fairest member's lane in a guild."""
    heads = _heads(claim.pool, priority, lane)
    busy = _running_by(jobs.c.user_id)
    running = func.coalesce(busy.c.running, 0)
    pick = (
        select(heads.c.id)
        .select_from(heads.outerjoin(busy, busy.c.user_id == heads.c.user_id))
        .where(running < claim.limits.per_user)
        .order_by(running, _vtime(claim.pool, lane, heads.c.user_id), heads.c.created_at)
        .limit(1)
    )
    return (
        update(jobs)
        .where(jobs.c.id == pick.scalar_subquery(), IS_CLAIMABLE)
        .values(
            state=JobState.RUNNING,
            worker=claim.worker,
            lease_until=claim.lease_until,
            attempt=jobs.c.attempt + 1,
            started_at=claim.now,
        )
        .returning(*jobs.c)
    )


def _waiting_guilds(pool: str) -> CTE:
    """Return the distinct (priority, lane) of claimable jobs, one index seek each.

    The recursion asks for the least value above the last one: a loose index scan, which neither
    database does by itself for DISTINCT. Each chain ends in a row of null.
    """
    least_priority = select(func.min(jobs.c.priority)).where(jobs.c.pool == pool, IS_CLAIMABLE)
    ranks = select(least_priority.scalar_subquery().label("priority")).cte("ranks", recursive=True)
    above = least_priority.where(jobs.c.priority > ranks.c.priority).scalar_subquery()
    ranks = ranks.union_all(select(above).where(ranks.c.priority.is_not(None)))

    def least_lane(priority: ColumnElement[int]) -> Select[Any]:
        return select(func.min(jobs.c.lane)).where(
            jobs.c.pool == pool, jobs.c.priority == priority, IS_CLAIMABLE
        )

    first = least_lane(ranks.c.priority).correlate(ranks).scalar_subquery()
    guilds = select(ranks.c.priority, first.label("lane")).cte("guilds", recursive=True)
    after = least_lane(guilds.c.priority).where(jobs.c.lane > guilds.c.lane)
    step = after.correlate(guilds).scalar_subquery()
    return guilds.union_all(select(guilds.c.priority, step).where(guilds.c.lane.is_not(None)))


def _heads(pool: str, priority: int, lane: int) -> Subquery:
    """Return the oldest claimable job of every member who waits in a guild."""
    is_here = and_(
        jobs.c.pool == pool, jobs.c.priority == priority, jobs.c.lane == lane, IS_CLAIMABLE
    )
    least_user = select(func.min(jobs.c.user_id)).where(is_here)
    members = select(least_user.scalar_subquery().label("user_id")).cte("members", recursive=True)
    after = least_user.where(jobs.c.user_id > members.c.user_id).correlate(members)
    step = select(after.scalar_subquery()).where(members.c.user_id.is_not(None))
    members = members.union_all(step)
    oldest = (
        select(jobs.c.id)
        .where(is_here, jobs.c.user_id == members.c.user_id)
        .order_by(jobs.c.created_at, jobs.c.id)
        .limit(1)
        .correlate(members)
        .scalar_subquery()
    )
    head = jobs.alias("head")
    return (
        select(head.c.id, head.c.user_id, head.c.created_at)
        .select_from(members.join(head, head.c.id == oldest))
        .subquery("heads")
    )


def _running_by(column: ColumnElement[int]) -> Subquery:
    """Count the running jobs of all pools by guild or by member: at most as many as slots."""
    counted = select(column, func.count().label("running")).where(IS_RUNNING).group_by(column)
    return counted.subquery("busy")


def _running_in(pool: str) -> ScalarSelect[int]:
    counted = select(func.count()).select_from(jobs).where(jobs.c.pool == pool, IS_RUNNING)
    return counted.scalar_subquery()


def _vtime(
    pool: str, lane: ColumnElement[int] | int, user_id: ColumnElement[int] | int
) -> ColumnElement[float]:
    """Return the virtual time of a lane, 0 for one that never ran."""
    kept = select(lanes.c.vtime).where(
        lanes.c.pool == pool, lanes.c.lane == lane, lanes.c.user_id == user_id
    )
    return func.coalesce(kept.scalar_subquery(), 0.0)
