"""Hands out the turns of a limit of requests per second, one row each, to all processes."""

from sqlalchemy import case
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.ports.engines import RateLimits
from storage.database.transactions import Store, in_transaction
from storage.database.upsert import upsert
from storage.engines.tables import paces

# No queue for turns is that long: such a row is of a machine whose clock was far ahead.
_MOST_AHEAD_S = 60.0


class SqlRateLimits(Store, RateLimits):
    """`RateLimits` on the table `paces`; each turn is one statement, so no two get the same."""

    @override
    @in_transaction
    async def take(self, conn: AsyncConnection, name: str, interval_s: float, now: float) -> float:
        """Return when the caller's turn is, in unix seconds: now, or as soon as those before it."""
        is_ahead = paces.c.next_at.between(now, now + _MOST_AHEAD_S)
        turn_at = case((is_ahead, paces.c.next_at), else_=now)
        row = upsert(conn, paces).values(name=name, next_at=now + interval_s)
        taken = row.on_conflict_do_update(
            index_elements=["name"], set_={"next_at": turn_at + interval_s}
        ).returning(paces.c.next_at)
        next_at: float = (await conn.execute(taken)).scalar_one()
        return next_at - interval_s
