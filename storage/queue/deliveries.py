"""Hands out and takes back what members are still to receive: pictures, and ends without one."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Exists,
    Row,
    TextClause,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs.job import Job, JobId, JobState
from storage.database.tables import IS_UNTOLD, jobs
from storage.queue.lanes import lock_account
from storage.queue.rows import NOBODYS, job_of


async def claim_delivery(
    conn: AsyncConnection, worker: str, now: float, lease_until: float
) -> Row[Any] | None:
    """Take the oldest delivering or untold job that nobody holds and whose pause is over.

    A delivery needs no slot. A new attempt is counted, because leases are told apart by it.
    """
    await lock_account(conn)
    oldest = select(jobs.c.id).where(*_free(now)).order_by(jobs.c.created_at).limit(1)
    taken = (
        update(jobs)
        .where(jobs.c.id == oldest.scalar_subquery(), IS_UNTOLD)
        .values(
            worker=worker,
            lease_until=lease_until,
            attempt=jobs.c.attempt + 1,
            deliveries=jobs.c.deliveries + 1,
            ready_at=0.0,
        )
        .returning(*jobs.c)
    )
    return (await conn.execute(taken)).one_or_none()


def is_waiting(now: BindParameter[float]) -> Exists:
    """Tell in a query whether there is anything for `claim_delivery` to take."""
    return exists().where(*_free(now))


async def retry_delivery(
    conn: AsyncConnection, condition: ColumnElement[bool], ready_at: float
) -> bool:
    """Free an undelivered job for a later try; False when none meets the condition."""
    freed = update(jobs).where(IS_UNTOLD, condition).values(ready_at=ready_at, **NOBODYS)
    return (await conn.execute(freed)).rowcount == 1


async def record_told(conn: AsyncConnection, job_id: str, now: float) -> None:
    """Note that the member saw the end; a delivering job has no end yet and stays as it is."""
    told = update(jobs).where(jobs.c.id == job_id, IS_UNTOLD, jobs.c.state != JobState.DELIVERING)
    await conn.execute(told.values(told_at=now, ready_at=0.0, **NOBODYS))


async def record_posted(
    conn: AsyncConnection, job_id: JobId, channel_id: int, message_id: int
) -> None:
    """Note which new message shows the job's result."""
    posted = {"posted_channel_id": channel_id, "posted_message_id": message_id}
    await conn.execute(update(jobs).where(jobs.c.id == job_id).values(posted))


async def of_member(conn: AsyncConnection, user_id: int, limit: int) -> list[Job]:
    """Return a member's latest jobs, newest first."""
    theirs = select(jobs).where(jobs.c.user_id == user_id)
    latest = theirs.order_by(jobs.c.created_at.desc(), jobs.c.id.desc()).limit(limit)
    return [job_of(row) for row in await conn.execute(latest)]


def _free(now: float | BindParameter[float]) -> tuple[ColumnElement[bool] | TextClause, ...]:
    is_free = or_(jobs.c.lease_until.is_(None), jobs.c.lease_until < now)
    return IS_UNTOLD, is_free, jobs.c.ready_at <= now
