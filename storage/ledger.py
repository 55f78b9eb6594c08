"""Writes the ledger inside the transactions that accept and end jobs: reserve, settle or refund.

In between the job's own row tells how it stands.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ScalarSelect, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.endings import Ending
from bot.domain.jobs import JobId, JobState, Order
from storage.tables import jobs, ledger


async def reserve(conn: AsyncConnection, order: Order, now: float) -> None:
    """Open the row of an accepted job; its pictures count from here on."""
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
            cost_usd=0.0,
            refunded=False,
            created_at=now,
        )
    )


async def settle(conn: AsyncConnection, endings: Mapping[JobId, Ending], now: float) -> None:
    """Close rows: what was used stays counted, the rest of the reservation is given back."""
    if not endings:
        return
    closed = (
        update(ledger)
        .where(ledger.c.job_id == bindparam("ended_id"))
        .values(
            request_id=func.coalesce(bindparam("answer_id"), its_job(jobs.c.request_id)),
            started_at=its_job(jobs.c.started_at),
        )
    )
    await conn.execute(
        closed,
        [
            {
                "ended_id": job_id,
                "answer_id": ending.request_id,
                "state": ending.state,
                "images": ending.images,
                "cost_usd": ending.cost_usd,
                "refunded": ending.refunded,
                "error_code": ending.error_code,
                "finished_at": now,
            }
            for job_id, ending in endings.items()
        ],
    )


def its_job(column: Column[Any]) -> ScalarSelect[Any]:
    """Return what the job of a ledger row says, null once that is pruned."""
    return select(column).where(jobs.c.id == ledger.c.job_id).scalar_subquery()
