"""Writes the ledger inside the transactions that move jobs: reserve, follow, settle or refund."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, func, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.endings import Ending
from bot.domain.jobs import JobId, JobState, Order
from storage.tables import ledger


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


async def follow(
    conn: AsyncConnection, ids: Collection[str], state: JobState, **columns: Any
) -> None:
    """Give the rows the state their jobs just took, and other columns that came with it."""
    if ids:
        changed = update(ledger).where(ledger.c.job_id.in_(ids))
        await conn.execute(changed.values(state=state, **columns))


async def settle(conn: AsyncConnection, endings: Mapping[JobId, Ending], now: float) -> None:
    """Close rows: what was used stays counted, the rest of the reservation is given back."""
    if not endings:
        return
    closed = (
        update(ledger)
        .where(ledger.c.job_id == bindparam("ended_id"))
        .values(request_id=func.coalesce(bindparam("answer_id"), ledger.c.request_id))
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
