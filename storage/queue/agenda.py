"""Looks, without a lock, what there may be to claim."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Double, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ports import Agenda
from storage.database.tables import IS_CLAIMABLE, IS_PAUSED, IS_QUEUED, jobs
from storage.queue import deliveries
from storage.queue.pause import IS_OPEN


async def agenda(conn: AsyncConnection, pools: Sequence[str], now: float) -> Agenda:
    """Return which pools have jobs that may start, and when the next pause ends."""
    look = _look(tuple(pools))
    has_delivery, soonest, *found = (await conn.execute(look, {"at": now})).one()
    names = tuple(pool for pool, is_waiting in zip(pools, found, strict=True) if is_waiting)
    return Agenda(names, bool(has_delivery), soonest)


@cache
def _look(pools: tuple[str, ...]) -> Select[Any]:
    now = bindparam("at", type_=Double)
    is_due = and_(IS_QUEUED, IS_PAUSED, jobs.c.held_at.is_(None), jobs.c.ready_at <= now)
    waiting = [
        and_(
            IS_OPEN,
            or_(
                exists().where(jobs.c.pool == pool, IS_CLAIMABLE),
                exists().where(jobs.c.pool == pool, is_due),
            ),
        )
        for pool in pools
    ]
    next_at = select(func.min(jobs.c.ready_at)).where(IS_PAUSED, jobs.c.ready_at > now)
    return select(deliveries.is_waiting(now), next_at.scalar_subquery(), *waiting)
