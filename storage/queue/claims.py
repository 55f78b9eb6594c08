"""Takes the next job of a pool in fair order, over the heads of lanes instead of over rows.

The order is start-time fair queueing: the guild with the fewest running jobs and the least virtual
time; in it what its moderators put first, then the member with the fewest and the least, then who
came first. So a priority goes before no other guild.

Lanes that run nothing are read off an index in just this order; those that do are at most as many
as slots. So a claim costs the same however many jobs, members and guilds wait.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Column,
    ColumnElement,
    Double,
    Integer,
    Row,
    ScalarSelect,
    Select,
    String,
    Subquery,
    TextClause,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate
from sqlalchemy.sql.selectable import NamedFromClause
from typing_extensions import override

from bot.domain.jobs.job import Job, JobId, JobState
from bot.domain.jobs.limits import RunLimits
from bot.ports.queue import JobClaims
from storage.accounts.guild_pauses import is_open
from storage.database.settings import IS_NOT_PAUSED
from storage.database.tables import IS_CLAIMABLE, IS_DELAYED, IS_QUEUED, IS_RUNNING, jobs, lanes
from storage.database.transactions import Store, lock, on_connection
from storage.queue.lanes import PLACE, charge, refresh
from storage.queue.leases import IS_UNSENT, expire, is_late, occupies
from storage.queue.rows import job_of

_POOL = bindparam("of_pool", type_=String)
_NOW = bindparam("of_now", type_=Double)
_PER_USER = bindparam("per_user", type_=Integer)
# No parameter: a partial index is only used where its condition is repeated in full.
_ZERO: ColumnElement[int] = literal_column("0", Integer)
# In a RETURNING clause for SQLite columns lose their table's name, and lanes have a `lane` too.
_LANE_TAKEN: ColumnElement[int] = literal_column("jobs.lane", BigInteger)


class SqlClaims(Store, JobClaims):
    """The claim of `JobClaims`."""

    @override
    @on_connection
    async def claim_next(
        self,
        conn: AsyncConnection,
        pool: str,
        worker: str,
        limits: RunLimits,
        now: float,
        lease_s: float,
        *,
        only: JobId | None = None,
    ) -> Job | None:
        values = {
            "of_job": only,
            "of_pool": pool,
            "of_worker": worker,
            "of_now": now,
            "of_lease": now + lease_s,
            "of_slots": limits.pools[pool],
            "per_guild": limits.per_guild,
            "per_user": limits.per_user,
        }
        while True:
            row, expired = await _claim(conn, values, _take() if only is None else _take_one())
            if row is None and not expired:
                return None  # rolled back: an idle look writes nothing to the disk
            await conn.commit()
            if row is not None:
                return job_of(row)


async def _claim(
    conn: AsyncConnection, values: Mapping[str, Any], take: ReturningUpdate[Any]
) -> tuple[Row[Any] | None, int]:
    """Start the next job or the one meant, charge its lanes, advance the clock; or end late ones.

    Where somebody's wait is over, a batch of these jobs ends and none is taken: the caller commits
    and claims again. Returns the job's row and how many ended instead.
    """
    look = _lock_and_look(conn.dialect.name)
    due, deadline_at = (await conn.execute(look, values)).one()
    if deadline_at is not None and deadline_at < values["of_now"]:
        return None, await expire(conn, values["of_now"])
    if due:
        await refresh(conn, (await conn.execute(_wake(), values)).all())
    row: Row[Any] | None = (await conn.execute(take, values)).one_or_none()
    if row is not None:
        await charge(conn, row)
    return row, 0


# Putting these statements together costs more than running them, so each is made once.
@cache
def _lock_and_look(dialect: str) -> ReturningInsert[Any]:
    """Return the account's mutex, whether a pause is over, and the next deadline of what waits.

    Both may have been read before the mutex was free: then the next claim acts on them.
    """
    due = select(jobs.c.id).where(*_is_due()).limit(1).scalar_subquery()
    # In the index's order, and not "any that is late": PostgreSQL keeps this statement's plan, and
    # would take late jobs for many and read all of them to find the first.
    has_deadline = (IS_QUEUED, IS_UNSENT, jobs.c.deadline_at.is_not(None))
    waiting = select(jobs.c.deadline_at).where(*has_deadline).order_by(jobs.c.deadline_at)
    next_deadline = waiting.limit(1).scalar_subquery()
    return lock(dialect).returning(due.label("due"), next_deadline.label("deadline_at"))


@cache
def _wake() -> ReturningUpdate[Any]:
    """Return the update that ends pauses: the claimable jobs' index holds no paused ones."""
    return update(jobs).where(*_is_due()).values(ready_at=0.0).returning(*PLACE)


def _is_due() -> tuple[ColumnElement[bool] | TextClause, ...]:
    return IS_QUEUED, IS_DELAYED, jobs.c.ready_at <= _NOW


@cache
def _take() -> ReturningUpdate[Any]:
    """Return the update that starts the head of the fairest member's lane in the fairest guild.

    Beside the job it returns what `charge` wants: the pool's clock and the guild's virtual time.
    """
    lane = _one(_turn().c.lane)
    member = _member(lane)
    head = (
        select(jobs.c.id)
        .where(jobs.c.pool == _POOL, IS_CLAIMABLE, jobs.c.lane == lane)
        .where(jobs.c.priority == _one(member.c.priority))
        .where(jobs.c.user_id == _one(member.c.user_id))
        .order_by(jobs.c.created_at, jobs.c.id)
        .limit(1)
        .correlate(None)
    )
    return _starting(jobs.c.id == head.scalar_subquery())


@cache
def _take_one() -> ReturningUpdate[Any]:
    """Return the update that starts the job that is meant, out of its turn, in a free slot."""
    has_room = _slots_taken() < bindparam("of_slots", type_=Integer)
    return _starting(jobs.c.id == bindparam("of_job"), has_room, IS_NOT_PAUSED)


def _starting(*conditions: ColumnElement[bool]) -> ReturningUpdate[Any]:
    return (
        update(jobs)
        .where(*conditions, IS_CLAIMABLE, ~is_late(_NOW))
        .values(
            state=JobState.RUNNING,
            worker=bindparam("of_worker"),
            lease_until=bindparam("of_lease"),
            attempt=jobs.c.attempt + 1,
            started_at=_NOW,
        )
        .returning(*jobs.c, _vtime(_ZERO).label("clock"), _vtime(_LANE_TAKEN).label("vtime"))
    )


def _turn() -> CTE:
    """Return the lane of the guild whose turn it is; no row: nothing may start."""
    guild = lanes.alias("guild")
    order = (guild.c.vtime, guild.c.since)
    waiting = select(guild.c.lane, *order).where(
        guild.c.pool == _POOL,
        guild.c.user_id == _ZERO,
        guild.c.since.is_not(None),
        is_open(guild.c.lane),
        _any_member_may_start(guild),
    )
    idle = waiting.where(_running(jobs.c.lane == guild.c.lane, guild) == 0)
    first = idle.order_by(*order).limit(1)
    both = _first_or_busy(first, waiting, guild.c.lane, jobs.c.lane)
    return (
        select(both.c.lane)
        .where(both.c.running < bindparam("per_guild", type_=Integer))
        .where(_slots_taken() < bindparam("of_slots", type_=Integer), IS_NOT_PAUSED)
        .order_by(both.c.running, both.c.vtime, both.c.since)
        .limit(1)
        .cte("turn")
    )


def _member(lane: ColumnElement[int]) -> CTE:
    """Return the member whose turn it is in a guild, and the priority of the job."""
    member = lanes.alias("member")
    order = (member.c.vtime, member.c.since)
    shown = select(member.c.priority, member.c.user_id, *order)
    waiting = shown.where(*_waits_in(member, lane))
    idle = waiting.where(_running(jobs.c.user_id == member.c.user_id, member) == 0)
    first = idle.order_by(member.c.priority.desc(), *order).limit(1)
    both = _first_or_busy(first, waiting, member.c.user_id, jobs.c.user_id)
    return (
        select(both.c.priority, both.c.user_id)
        .where(both.c.running < _PER_USER)
        .order_by(both.c.priority.desc(), both.c.running, both.c.vtime, both.c.since)
        .limit(1)
        .cte("next_member")
    )


def _first_or_busy(
    first_idle: Select[Any], waiting: Select[Any], key: ColumnElement[int], of_job: Column[int]
) -> Subquery:
    """Return the first lane that runs nothing, and those that run something, with how much.

    The latter are found from the running jobs, of which there are at most as many as slots.
    """
    busy = _running_by(of_job)
    first = first_idle.add_columns(_ZERO.label("running")).subquery("first")
    others = waiting.add_columns(busy.c.running).join(busy, busy.c[of_job.name] == key)
    return union_all(select(first), others).subquery("both")


def _any_member_may_start(guild: NamedFromClause[Any]) -> ColumnElement[bool]:
    """Tell whether anybody who waits in a guild runs less than a member may.

    Not EXISTS: PostgreSQL would join all lanes, while the first member found nearly always may.
    """
    member = lanes.alias("candidate")
    found = (
        select(member.c.user_id)
        .where(*_waits_in(member, guild.c.lane))
        .where(_running(jobs.c.user_id == member.c.user_id, member) < _PER_USER)
        .limit(1)
        .correlate(guild)
    )
    return found.scalar_subquery().is_not(None)


def _waits_in(
    member: NamedFromClause[Any], lane: ColumnElement[int]
) -> tuple[ColumnElement[bool], ...]:
    return (
        member.c.pool == _POOL,
        member.c.lane == lane,
        member.c.user_id != _ZERO,
        member.c.since.is_not(None),
    )


def _running(is_theirs: ColumnElement[bool], whose: NamedFromClause[Any]) -> ScalarSelect[int]:
    """Count the running jobs of all pools that belong to a lane."""
    counted = select(func.count()).select_from(jobs).where(IS_RUNNING, is_theirs)
    return counted.correlate(whose).scalar_subquery()


def _running_by(column: Column[int]) -> Subquery:
    """Count the running jobs of all pools by guild or by member."""
    # Not the bare column: SQLite would walk over all jobs on an index that has it in order.
    key = column + _ZERO
    counted = select(key.label(column.name), func.count().label("running"))
    return counted.where(IS_RUNNING).group_by(key).correlate(None).subquery("busy")


def _slots_taken() -> ColumnElement[int]:
    return _jobs_in_pool(IS_RUNNING) + _jobs_in_pool(occupies(_NOW))


def _jobs_in_pool(condition: ColumnElement[bool] | TextClause) -> ScalarSelect[int]:
    in_pool = select(func.count()).select_from(jobs).where(jobs.c.pool == _POOL, condition)
    return in_pool.correlate(None).scalar_subquery()


def _vtime(lane: ColumnElement[int]) -> ScalarSelect[float]:
    """Return the virtual time of a guild, or of the pool's clock (lane 0); null if never kept."""
    kept = select(func.max(lanes.c.vtime)).where(
        lanes.c.pool == _POOL, lanes.c.lane == lane, lanes.c.user_id == _ZERO
    )
    return kept.correlate(None).scalar_subquery()


def _one(column: ColumnElement[int]) -> ScalarSelect[int]:
    return select(column).scalar_subquery()
