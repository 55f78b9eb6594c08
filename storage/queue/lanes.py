"""Keeps the lanes: virtual time for the fair order, and who waits since when.

What lanes say of waiting jobs is derived from `jobs`: whoever lets a job into the queue or out of
it refreshes its place in the same transaction.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Double,
    Integer,
    Row,
    String,
    Update,
    bindparam,
    case,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.tables import IS_CLAIMABLE, jobs, lanes
from storage.database.transactions import KEY
from storage.database.upsert import upsert_on

# What of a job tells its place; the functions below take rows with these columns.
PLACE: tuple[Column[Any], ...] = (jobs.c.pool, jobs.c.priority, jobs.c.lane, jobs.c.user_id)

_POOL = bindparam("of_pool", type_=String)
_LANE = bindparam("of_lane", type_=BigInteger)
_USER = bindparam("of_user", type_=BigInteger)
_PRIORITY = bindparam("of_priority", type_=Integer)
_IMAGES = bindparam("of_images", type_=Integer)


async def refresh(conn: AsyncConnection, places: Iterable[Row[Any]]) -> None:
    """Note since when guilds and members wait, after jobs came to these places or left them."""
    keys = {key for place in places for key in _keys_of(place)}
    names = ("of_pool", "of_lane", "of_user", "of_priority")
    rows = [dict(zip(names, key, strict=True)) for key in sorted(keys)]
    if rows:
        await conn.execute(_refresh(conn.dialect.name), rows)


def _keys_of(place: Row[Any]) -> tuple[tuple[str, int, int, int], ...]:
    guild = (place.pool, place.lane, 0, 0)
    return guild, (place.pool, place.lane, place.user_id, place.priority)


async def charge(conn: AsyncConnection, job: Row[Any]) -> None:
    """Move a guild and a member on by what they take, and the pool's clock to the guild's start.

    One that was idle re-enters at the clock, so it has hoarded no credit; the clock never goes
    back. `job` also tells the `clock`, null in a new pool, and the guild's `vtime`.
    """
    if job.clock is None:
        await conn.execute(_start_clock(conn.dialect.name), {"of_pool": job.pool})
    clock = job.clock or 0.0
    times = {"of_clock": clock, "of_start": max(clock, job.vtime)}
    await conn.execute(_charge(), _lanes_of(job) | times)


async def uncharge(conn: AsyncConnection, places: Sequence[Row[Any]]) -> None:
    """Give back what `charge` took for jobs that run no more, and refresh their places."""
    if places:
        await conn.execute(_uncharge(), [_lanes_of(job) for job in places])


def _lanes_of(job: Row[Any]) -> dict[str, Any]:
    return {
        "of_pool": job.pool,
        "of_lane": job.lane,
        "of_user": job.user_id,
        "of_images": job.images,
    }


# Putting these statements together costs more than running them, so each is made once.
@cache
def _start_clock(dialect: str) -> postgresql.Insert:
    row = upsert_on(dialect, lanes).values(pool=_POOL, lane=0, user_id=0, priority=0, vtime=0.0)
    return row.on_conflict_do_nothing(index_elements=KEY)


@cache
def _refresh(dialect: str) -> postgresql.Insert:
    sibling = lanes.alias("sibling")
    vtime = select(func.max(sibling.c.vtime)).where(
        sibling.c.pool == _POOL, sibling.c.lane == _LANE, sibling.c.user_id == _USER
    )
    row = upsert_on(dialect, lanes).values(
        pool=_POOL,
        lane=_LANE,
        user_id=_USER,
        priority=_PRIORITY,
        vtime=func.coalesce(vtime.scalar_subquery(), 0.0),
        since=_since(_POOL, _LANE, _USER, _PRIORITY),
    )
    return row.on_conflict_do_update(index_elements=KEY, set_={"since": row.excluded.since})


@cache
def _charge() -> Update:
    clock, start = bindparam("of_clock", type_=Double), bindparam("of_start", type_=Double)
    vtime = lanes.c.vtime
    moved = case((vtime > clock, vtime), else_=clock) + _IMAGES
    return (
        update(lanes)
        .where(lanes.c.pool == _POOL, lanes.c.lane.in_([0, _LANE]), _is_guild_or_member())
        .values(vtime=case((lanes.c.lane == 0, start), else_=moved), since=_own_since())
    )


@cache
def _uncharge() -> Update:
    return (
        update(lanes)
        .where(lanes.c.pool == _POOL, lanes.c.lane == _LANE, _is_guild_or_member())
        .values(vtime=lanes.c.vtime - _IMAGES, since=_own_since())
    )


def _is_guild_or_member() -> ColumnElement[bool]:
    return lanes.c.user_id.in_([0, _USER])


def _own_since() -> ColumnElement[float | None]:
    key = lanes.c
    return _since(key.pool, key.lane, key.user_id, key.priority)


def _since(
    pool: Column[str] | BindParameter[str],
    lane: Column[int] | BindParameter[int],
    user_id: Column[int] | BindParameter[int],
    priority: Column[int] | BindParameter[int],
) -> ColumnElement[float | None]:
    """Return when the oldest claimable job was created, null without any.

    Of a guild that is any job, of a member one of that priority.
    """
    oldest = select(func.min(jobs.c.created_at)).where(
        jobs.c.pool == pool, jobs.c.lane == lane, IS_CLAIMABLE
    )
    theirs = oldest.where(jobs.c.user_id == user_id, jobs.c.priority == priority)
    # Two branches, because no index serves "of anybody or of this member".
    return case(
        (user_id == 0, oldest.correlate(lanes).scalar_subquery()),
        else_=theirs.correlate(lanes).scalar_subquery(),
    )
