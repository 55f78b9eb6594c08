"""Cancels jobs: at once where nothing was sent, else by a mark that their holder ends them by."""

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs.endings import Ending, cancelled_unsent
from bot.domain.jobs.job import Cancel, JobId, JobState
from storage.accounts import ledger
from storage.database.tables import IS_RUNNING, IS_WAITING_OR_RUNNING, jobs
from storage.queue.lanes import PLACE, lock_account, refresh, uncharge
from storage.queue.rows import columns_of


async def cancel(
    conn: AsyncConnection, job_id: JobId, by: int, now: float, *, if_sent: bool
) -> Cancel:
    """End or mark a job; the conditions are part of the writes, so a `sent` in between counts."""
    await lock_account(conn)
    owner = await conn.scalar(select(jobs.c.user_id).where(jobs.c.id == job_id))
    if await _end_unsent(conn, job_id, cancelled_unsent(by_owner=owner == by), by, now):
        return Cancel.ENDED
    is_live = and_(jobs.c.id == job_id, IS_WAITING_OR_RUNNING)
    row = (await conn.execute(select(jobs.c.cancel_at).where(is_live))).one_or_none()
    if row is None:
        return Cancel.TOO_LATE
    if row.cancel_at is not None:
        return Cancel.MARKED
    if not if_sent:
        return Cancel.PAID
    marked = await conn.execute(update(jobs).where(is_live).values(cancel_at=now, cancelled_by=by))
    return Cancel.MARKED if marked.rowcount == 1 else Cancel.TOO_LATE


async def end_cancelled(
    conn: AsyncConnection, condition: ColumnElement[bool], ending: Ending, now: float
) -> bool:
    """End the running job that meets the condition, if it was cancelled."""
    ended = update(jobs).where(condition, IS_RUNNING, jobs.c.cancel_at.is_not(None))
    returned = ended.values(columns_of(ending, now)).returning(jobs.c.id)
    job_id = await conn.scalar(returned)
    if job_id is None:
        return False
    await ledger.settle(conn, {JobId(job_id): ending}, now)
    return True


async def _end_unsent(
    conn: AsyncConnection, job_id: JobId, ending: Ending, by: int, now: float
) -> bool:
    """End a job whose request has not left; its holder finds its lease lost before it sends."""
    unsent = and_(jobs.c.id == job_id, IS_WAITING_OR_RUNNING, jobs.c.sent_at.is_(None))
    was_running = await conn.scalar(
        select(jobs.c.id).where(unsent, jobs.c.state == JobState.RUNNING)
    )
    ended = update(jobs).where(unsent).values(columns_of(ending, now) | {"cancelled_by": by})
    row = (await conn.execute(ended.returning(*PLACE, jobs.c.images))).one_or_none()
    if row is None:
        return False
    if was_running:
        await uncharge(conn, [row])
    else:
        await refresh(conn, [row])
    await ledger.settle(conn, {job_id: ending}, now)
    return True
