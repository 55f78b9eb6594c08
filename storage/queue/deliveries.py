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
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import Job, JobId, JobState, Lease
from bot.ports.delivery import PostStore
from bot.ports.queue import JobClaims, JobProgress
from storage.database.tables import IS_UNTOLD, jobs
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.queue.rows import NOBODYS, is_held_by, job_of


class SqlDeliveries(Store, JobClaims, JobProgress, PostStore):
    """The deliveries of `JobClaims` and `JobProgress`."""

    @override
    @on_connection
    async def claim_delivery(
        self,
        conn: AsyncConnection,
        worker: str,
        now: float,
        lease_s: float,
        *,
        only: JobId | None = None,
    ) -> Job | None:
        row = await take_oldest(conn, worker, now, now + lease_s, only)
        if row is None:
            return None
        await conn.commit()
        return job_of(row)

    @override
    @in_transaction
    async def retry_delivery(self, conn: AsyncConnection, lease: Lease, ready_at: float) -> bool:
        freed = update(jobs).where(IS_UNTOLD, is_held_by(lease))
        return (await conn.execute(freed.values(ready_at=ready_at, **NOBODYS))).rowcount == 1

    @override
    @in_transaction
    async def record_told(self, conn: AsyncConnection, job_id: JobId, now: float) -> None:
        """Note that the member saw the end; a delivering job has no end yet and stays as it is."""
        is_it = (jobs.c.id == job_id, IS_UNTOLD, jobs.c.state != JobState.DELIVERING)
        told = update(jobs).where(*is_it).values(told_at=now, ready_at=0.0, **NOBODYS)
        await conn.execute(told)

    @override
    @in_transaction
    async def record_posted(
        self, conn: AsyncConnection, job_id: JobId, channel_id: int, message_id: int
    ) -> None:
        """Note which new message shows the job's result, so that no second one follows."""
        posted = {"posted_channel_id": channel_id, "posted_message_id": message_id}
        await conn.execute(update(jobs).where(jobs.c.id == job_id).values(posted))


async def take_oldest(
    conn: AsyncConnection, worker: str, now: float, lease_until: float, only: JobId | None = None
) -> Row[Any] | None:
    """Take the oldest delivering or untold job that nobody holds and whose pause is over.

    `only` may be that job. A delivery needs no slot. A new attempt is counted, because leases are
    told apart by it.
    """
    await lock_account(conn)
    is_meant = true() if only is None else jobs.c.id == only
    oldest = select(jobs.c.id).where(*_free(now), is_meant).order_by(jobs.c.created_at).limit(1)
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


def _free(now: float | BindParameter[float]) -> tuple[ColumnElement[bool] | TextClause, ...]:
    is_free = or_(jobs.c.lease_until.is_(None), jobs.c.lease_until < now)
    return IS_UNTOLD, is_free, jobs.c.ready_at <= now
