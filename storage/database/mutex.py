"""The account's mutex: one row that every change of more than one job locks first."""

from functools import cache

from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.tables import lanes
from storage.database.upsert import upsert_on

KEY = ["pool", "lane", "user_id", "priority"]


async def lock_account(conn: AsyncConnection) -> None:
    """Take the account's mutex until the transaction ends.

    Everybody who accepts, claims, or changes more than one job, holds it: counts read after it
    are exact and no two transactions wait for each other's rows.
    """
    await conn.execute(lock(conn.dialect.name))


# Putting this statement together costs more than running it, so it is made once.
@cache
def lock(dialect: str) -> postgresql.Insert:
    """Return the write that takes the account's mutex."""
    row = upsert_on(dialect, lanes).values(pool="", lane=0, user_id=0, priority=0, vtime=0.0)
    return row.on_conflict_do_update(index_elements=KEY, set_={"vtime": lanes.c.vtime})
