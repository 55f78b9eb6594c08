"""Keeps virtual time for the fair order, and the mutex row that makes counts exact."""

from typing import Any

from sqlalchemy import Row, and_, case, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import lanes
from storage.upsert import upsert

_KEY = ["pool", "lane", "user_id"]
_MUTEX_POOL = ""


async def lock_account(conn: AsyncConnection) -> None:
    """Take the account's mutex until the transaction ends.

    Everybody who accepts, claims, or changes more than one job, holds it: counts read after it
    are exact and no two transactions wait for each other's rows.
    """
    row = upsert(conn, lanes).values(pool=_MUTEX_POOL, lane=0, user_id=0, vtime=0)
    await conn.execute(
        row.on_conflict_do_update(index_elements=_KEY, set_={"vtime": lanes.c.vtime})
    )


async def charge(conn: AsyncConnection, job: Row[Any], clock: float, start: float) -> None:
    """Move a guild and a member on by what they take, and the pool's clock to its start.

    One that was idle re-enters at the clock, so it has hoarded no credit; the clock never goes
    back.
    """
    lane = {"pool": job.pool, "lane": job.lane, "vtime": clock + job.images}
    rows = upsert(conn, lanes).values(
        [
            {"pool": job.pool, "lane": 0, "user_id": 0, "vtime": max(clock, start)},
            {**lane, "user_id": 0},
            {**lane, "user_id": job.user_id},
        ]
    )
    moved = case((lanes.c.vtime > clock, lanes.c.vtime), else_=clock) + job.images
    vtime = case((lanes.c.lane == 0, rows.excluded.vtime), else_=moved)
    await conn.execute(rows.on_conflict_do_update(index_elements=_KEY, set_={"vtime": vtime}))


async def uncharge(conn: AsyncConnection, job: Row[Any]) -> None:
    """Give back what `charge` took, for a job that returns to the queue."""
    is_theirs = and_(
        lanes.c.pool == job.pool,
        lanes.c.lane == job.lane,
        lanes.c.user_id.in_([0, job.user_id]),
    )
    await conn.execute(update(lanes).where(is_theirs).values(vtime=lanes.c.vtime - job.images))
