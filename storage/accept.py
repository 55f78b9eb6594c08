"""Takes a new job in: quotas, reservation and row in one transaction, under the account's mutex."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.allowances import Allowance, ask_of
from bot.domain.errors import TooManyWaiting
from bot.domain.jobs import JobState, Order
from bot.domain.limits import RunLimits
from bot.domain.ports import Accepted
from storage import allowances, ledger
from storage.lanes import lock_account
from storage.line import count_ahead
from storage.rows import row_of
from storage.tables import IS_QUEUED, jobs
from storage.upsert import upsert


async def accept(
    conn: AsyncConnection, order: Order, limits: RunLimits, allowance: Allowance, now: float
) -> Accepted:
    """Insert a job with its reservation; the same id again is the same job.

    Raises TooManyWaiting, QuotaSpent or SubmittingPaused; the caller then rolls back.
    """
    await lock_account(conn)
    if not await _insert(conn, order, now, now + limits.max_wait_s):
        return Accepted(ahead=await count_ahead(conn, order.id), is_new=False)
    await _check_waiting(conn, order.destination.user_id, limits.queued_per_user)
    taken = await allowances.take_from(conn, ask_of(order), allowance, now)
    await ledger.reserve(conn, order, taken.from_grant, now)
    ahead = await count_ahead(conn, order.id)
    return Accepted(ahead=ahead, is_new=True, warnings=taken.nearing)


async def _insert(conn: AsyncConnection, order: Order, now: float, deadline_at: float) -> bool:
    row = row_of(order) | {
        "state": JobState.QUEUED,
        "created_at": now,
        "deadline_at": deadline_at,
    }
    insert = upsert(conn, jobs).values(row).on_conflict_do_nothing(index_elements=["id"])
    return (await conn.scalar(insert.returning(jobs.c.id))) is not None


async def _check_waiting(conn: AsyncConnection, user_id: int, limit: int) -> None:
    counted = select(func.count()).select_from(jobs).where(IS_QUEUED, jobs.c.user_id == user_id)
    others = (await conn.scalar(counted) or 0) - 1
    if others >= limit:
        raise TooManyWaiting(waiting=others, limit=limit)
