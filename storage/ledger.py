"""Writes the ledger inside the transactions that accept and end jobs: reserve, settle or refund.

In between the job's own row tells how it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Integer,
    ScalarSelect,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.endings import Ending
from bot.domain.jobs import JobId, JobState, Order
from storage import packages
from storage.tables import jobs, ledger


async def reserve(conn: AsyncConnection, order: Order, from_grant: int, now: float) -> None:
    """Open the row of an accepted job; its pictures and their price count from here on."""
    await conn.execute(
        insert(ledger).values(
            job_id=order.id,
            guild_id=order.destination.guild_id,
            channel_id=order.destination.channel_id,
            user_id=order.destination.user_id,
            command=order.command,
            engine=order.engine,
            pool=order.pool,
            state=JobState.QUEUED,
            reserved=order.wishes.count,
            images=order.wishes.count,
            price_usd=order.price_usd,
            from_grant=from_grant,
            cost_usd=0.0,
            refunded=False,
            created_at=now,
        )
    )


async def settle(conn: AsyncConnection, endings: Mapping[JobId, Ending], now: float) -> None:
    """Close rows: what was used stays counted, the rest of the reservation is given back.

    Granted pictures are given back first. What a package of the account holds costs nothing.
    """
    if not endings:
        return
    bills = await _bills(conn, endings, now)
    given_back = ledger.c.reserved - bindparam("used", type_=Integer)
    closed = (
        update(ledger)
        .where(ledger.c.job_id == bindparam("ended_id"))
        .values(
            request_id=func.coalesce(bindparam("answer_id"), its_job(jobs.c.request_id)),
            started_at=its_job(jobs.c.started_at),
            from_grant=case(
                (given_back <= 0, ledger.c.from_grant),
                (given_back < ledger.c.from_grant, ledger.c.from_grant - given_back),
                else_=0,
            ),
        )
    )
    await conn.execute(
        closed,
        [
            {
                "ended_id": job_id,
                "answer_id": ending.request_id,
                "state": ending.state,
                "used": ending.images,
                "images": ending.images,
                "cost_usd": bills[job_id].cost_usd,
                "prepaid": bills[job_id].prepaid,
                "package": bills[job_id].package,
                "refunded": ending.refunded,
                "error_code": ending.error_code,
                "finished_at": now,
            }
            for job_id, ending in endings.items()
        ],
    )


@dataclass(frozen=True, slots=True)
class _Bill:
    cost_usd: float
    prepaid: int = 0
    package: str | None = None


async def _bills(
    conn: AsyncConnection, endings: Mapping[JobId, Ending], now: float
) -> dict[JobId, _Bill]:
    """Return what each end costs when the packages of its pool are used up first."""
    bills = {job_id: _Bill(ending.cost_usd) for job_id, ending in endings.items()}
    billed = [job_id for job_id, ending in endings.items() if ending.billed]
    if not billed:
        return bills
    pools = select(ledger.c.job_id, ledger.c.pool).where(ledger.c.job_id.in_(billed))
    for row in (await conn.execute(pools.order_by(ledger.c.created_at))).all():
        ending = endings[row.job_id]
        prepaid, package = await packages.draw(conn, row.pool, ending.billed, now)
        cost_usd = ending.cost_usd * (ending.billed - prepaid) / ending.billed
        bills[row.job_id] = _Bill(cost_usd, prepaid, package)
    return bills


def its_job(column: Column[Any]) -> ScalarSelect[Any]:
    """Return what the job of a ledger row says, null once that is pruned."""
    return select(column).where(jobs.c.id == ledger.c.job_id).scalar_subquery()
