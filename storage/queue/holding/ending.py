"""Ends jobs of which nothing was sent, whoever holds them, refunded."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import JobId, JobState
from storage.accounts import ledger
from storage.database.tables import IS_WAITING_OR_RUNNING, jobs
from storage.queue.lanes import PLACE, refresh, uncharge
from storage.queue.rows import columns_of


async def end_unsent(
    conn: AsyncConnection,
    condition: ColumnElement[bool],
    ending: Ending,
    now: float,
    *,
    by: int | None = None,
) -> Sequence[JobId]:
    """End the jobs of this condition whose requests have not left; holders find leases lost.

    Under the account's mutex, as a transaction's last step.
    """
    unsent = and_(condition, IS_WAITING_OR_RUNNING, jobs.c.sent_at.is_(None))
    at_work = select(jobs.c.id).where(unsent, jobs.c.state == JobState.RUNNING)
    running = set(await conn.scalars(at_work))
    ended = update(jobs).where(unsent).values(columns_of(ending, now) | {"cancelled_by": by})
    rows = (await conn.execute(ended.returning(*PLACE, jobs.c.images, jobs.c.id))).all()
    await uncharge(conn, [row for row in rows if row.id in running])
    await refresh(conn, [row for row in rows if row.id not in running])
    await ledger.settle(conn, {JobId(row.id): ending for row in rows}, now)
    return [JobId(row.id) for row in rows]
