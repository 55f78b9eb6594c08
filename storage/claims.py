"""Takes the next job of a pool in fair order, over the heads of lanes instead of over rows.

The order is start-time fair queueing: priority, then the guild with the fewest running jobs and
the least virtual time, in it the member with the fewest and the least, then who came first.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ClauseElement,
    Column,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Subquery,
    TextClause,
    Update,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain.jobs import JobState
from bot.domain.limits import RunLimits
from storage import lanes as virtual_time
from storage.operations import occupies
from storage.pause import IS_OPEN
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
    values = _values(claim)
    await conn.execute(_wake(), values)
    for turn in await conn.execute(_turns(), values):
        place = {"of_priority": turn.priority, "of_lane": turn.lane}
        taken = await conn.execute(_take(), values | place)
        row: Row[Any] | None = taken.one_or_none()
        # No row: everybody who waits in this guild already runs as much as a member may.
        if row is not None:
            await virtual_time.charge(conn, row, turn.clock, start=turn.vtime)
            return row
    return None


def statements(
    claim: Claim, *, priority: int, lane: int
) -> tuple[tuple[ClauseElement, ...], dict[str, Any]]:
    """Return what a claim executes on the queue, and its values, to look at the query plans."""
    values = _values(claim) | {"of_priority": priority, "of_lane": lane}
    return (_wake(), _turns(), _take()), values


def _values(claim: Claim) -> dict[str, Any]:
    return {
        "of_pool": claim.pool,
        "of_worker": claim.worker,
        "of_now": claim.now,
        "of_lease": claim.lease_until,
        "of_slots": claim.limits.pools[claim.pool],
        "of_guild": claim.limits.per_guild,
        "of_user": claim.limits.per_user,
    }


# Putting these statements together costs more than running them, so each is made once.
@cache
def _wake() -> Update:
    """Return the update that ends pauses: the claimable jobs' index holds no paused ones."""
    is_due = and_(IS_QUEUED, IS_PAUSED, jobs.c.ready_at <= bindparam("of_now"))
    return update(jobs).where(is_due).values(ready_at=0.0)


@cache
def _turns() -> Select[Any]:
    """Return the guilds that may start a job, each with its priority, in fair order."""
    waiting = _waiting_guilds()
    busy = _running_by(jobs.c.lane)
    running = func.coalesce(busy.c.running, 0)
    vtime = _vtime(waiting.c.lane, 0)
    clock = _vtime(0, 0)
    is_there = (jobs.c.priority == waiting.c.priority, jobs.c.lane == waiting.c.lane)
    since = _least(jobs.c.created_at, *is_there).correlate(waiting)
    slots_taken = _jobs_in_pool(IS_RUNNING) + _jobs_in_pool(occupies(bindparam("of_now")))
    return (
        select(waiting.c.priority, waiting.c.lane, vtime.label("vtime"), clock.label("clock"))
        .select_from(waiting.outerjoin(busy, busy.c.lane == waiting.c.lane))
        .where(
            waiting.c.lane.is_not(None),
            running < bindparam("of_guild"),
            slots_taken < bindparam("of_slots"),
            IS_OPEN,
        )
        .order_by(waiting.c.priority.desc(), running, vtime, since.scalar_subquery())
    )


@cache
def _take() -> ReturningUpdate[Any]:
    """Return the update that starts the head of the fairest member's lane in a guild."""
    lane = bindparam("of_lane", type_=BigInteger)
    is_here = (jobs.c.priority == bindparam("of_priority"), jobs.c.lane == lane)
    members = _waiting_members(*is_here)
    is_theirs = (*is_here, jobs.c.user_id == members.c.user_id)
    since = _least(jobs.c.created_at, *is_theirs).correlate(members)
    head = (
        select(jobs.c.id)
        .where(jobs.c.pool == bindparam("of_pool"), IS_CLAIMABLE, *is_theirs)
        .order_by(jobs.c.created_at, jobs.c.id)
        .limit(1)
        .correlate(members)
    )
    busy = _running_by(jobs.c.user_id)
    running = func.coalesce(busy.c.running, 0)
    vtime = _vtime(lane, members.c.user_id)
    pick = (
        select(head.scalar_subquery())
        .select_from(members.outerjoin(busy, busy.c.user_id == members.c.user_id))
        .where(members.c.user_id.is_not(None), running < bindparam("of_user"))
        .order_by(running, vtime, since.scalar_subquery())
        .limit(1)
    )
    return (
        update(jobs)
        .where(jobs.c.id == pick.scalar_subquery(), IS_CLAIMABLE)
        .values(
            state=JobState.RUNNING,
            worker=bindparam("of_worker"),
            lease_until=bindparam("of_lease"),
            attempt=jobs.c.attempt + 1,
            started_at=bindparam("of_now"),
        )
        .returning(*jobs.c)
    )


def _waiting_guilds() -> CTE:
    """Return the distinct (priority, lane) of claimable jobs, one index seek each.

    The recursion asks for the least value above the last one: a loose index scan, which neither
    database does by itself for DISTINCT. Each chain ends in a row of null.
    """
    least = _least(jobs.c.priority)
    ranks = select(least.scalar_subquery().label("priority")).cte("ranks", recursive=True)
    above = least.where(jobs.c.priority > ranks.c.priority).correlate(ranks)
    next_rank = select(above.scalar_subquery()).where(ranks.c.priority.is_not(None))
    ranks = ranks.union_all(next_rank)

    least = _least(jobs.c.lane, jobs.c.priority == ranks.c.priority).correlate(ranks)
    first = select(ranks.c.priority, least.scalar_subquery().label("lane"))
    guilds = first.cte("guilds", recursive=True)
    is_after = (jobs.c.priority == guilds.c.priority, jobs.c.lane > guilds.c.lane)
    after = _least(jobs.c.lane, *is_after).correlate(guilds)
    next_guild = select(guilds.c.priority, after.scalar_subquery())
    return guilds.union_all(next_guild.where(guilds.c.lane.is_not(None)))


def _waiting_members(*is_here: ColumnElement[bool]) -> CTE:
    """Return the distinct members with claimable jobs in a guild, found in the same way."""
    least = _least(jobs.c.user_id, *is_here)
    members = select(least.scalar_subquery().label("user_id")).cte("members", recursive=True)
    after = least.where(jobs.c.user_id > members.c.user_id).correlate(members)
    next_member = select(after.scalar_subquery()).where(members.c.user_id.is_not(None))
    return members.union_all(next_member)


def _least(column: ColumnElement[Any], *where: ColumnElement[bool]) -> Select[Any]:
    """Return the least value of a column among a pool's claimable jobs, null without any."""
    return select(func.min(column)).where(jobs.c.pool == bindparam("of_pool"), IS_CLAIMABLE, *where)


def _running_by(column: Column[int]) -> Subquery:
    """Count the running jobs of all pools by guild or by member: at most as many as slots."""
    # Not the bare column: SQLite would walk over all jobs on an index that has it in order.
    key = column + literal_column("0")
    counted = select(key.label(column.name), func.count().label("running"))
    counted = counted.where(IS_RUNNING).group_by(key)
    return counted.subquery("busy")


def _jobs_in_pool(condition: ColumnElement[bool] | TextClause) -> ScalarSelect[int]:
    in_pool = select(func.count()).select_from(jobs).where(jobs.c.pool == bindparam("of_pool"))
    return in_pool.where(condition).scalar_subquery()


def _vtime(
    lane: ColumnElement[int] | int, user_id: ColumnElement[int] | int
) -> ColumnElement[float]:
    """Return the virtual time of a lane, 0 for one that never ran."""
    kept = select(lanes.c.vtime).where(
        lanes.c.pool == bindparam("of_pool"), lanes.c.lane == lane, lanes.c.user_id == user_id
    )
    return func.coalesce(kept.scalar_subquery(), 0.0)
