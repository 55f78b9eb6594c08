"""Takes a new job in: quotas, reservation and row in one transaction, under the account's mutex."""

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Row, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import TooManyWaiting
from bot.domain.jobs.job import JobState, Order
from bot.domain.jobs.limits import RunLimits
from bot.domain.ports import Accepted
from bot.domain.quotas.allowances import Allowance, ask_of
from storage.accounts import allowances, ledger
from storage.database.tables import IS_QUEUED, jobs
from storage.database.upsert import upsert
from storage.queue.lanes import PLACE, lock_account, refresh
from storage.queue.line import count_ahead, jobs_ahead
from storage.queue.rows import row_of


async def accept(
    conn: AsyncConnection, order: Order, limits: RunLimits, allowance: Allowance, now: float
) -> Accepted:
    """Insert a job with its reservation; the same id again is the same job.

    Raises TooManyWaiting, QuotaSpent or SubmittingPaused; the caller then rolls back.
    """
    await lock_account(conn)
    place = await _insert(conn, order, now, now + limits.max_wait_s)
    if place is None:
        return Accepted(ahead=await count_ahead(conn, order.id), is_new=False)
    others, ahead = await _look(conn, order)
    if others >= limits.queued_per_user:
        raise TooManyWaiting(waiting=others, limit=limits.queued_per_user)
    taken = await allowances.take_from(conn, ask_of(order), allowance, now)
    await ledger.reserve(conn, order, taken.from_grant, now)
    await refresh(conn, [place])
    return Accepted(ahead=ahead, is_new=True, warnings=taken.nearing)


async def _insert(
    conn: AsyncConnection, order: Order, now: float, deadline_at: float
) -> Row[Any] | None:
    """Insert the row and return its place, None where the job exists already."""
    row = row_of(order) | {
        "state": JobState.QUEUED,
        "created_at": now,
        "deadline_at": deadline_at,
    }
    insert = upsert(conn, jobs).values(row).on_conflict_do_nothing(index_elements=["id"])
    return (await conn.execute(insert.returning(*PLACE))).one_or_none()


async def _look(conn: AsyncConnection, order: Order) -> tuple[int, int]:
    """Return how many other jobs of the member wait, and how many of the pool are ahead."""
    values = {"of_job": order.id, "of_user": order.destination.user_id}
    others, ahead = (await conn.execute(_counts(), values)).one()
    return others, ahead


# Putting this statement together costs more than running it, so it is made once.
@cache
def _counts() -> Select[Any]:
    others = (
        select(func.count())
        .select_from(jobs)
        .where(
            IS_QUEUED,
            jobs.c.user_id == bindparam("of_user", type_=BigInteger),
            jobs.c.id != bindparam("of_job"),
        )
    )
    return select(others.scalar_subquery(), jobs_ahead(bindparam("of_job")).scalar_subquery())
