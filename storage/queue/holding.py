"""Writes of a job's holder: each names job, worker and attempt; a lost lease changes no row."""

from typing import Any

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import JobState, Lease
from storage.accounts import ledger
from storage.database.tables import jobs
from storage.queue.rows import columns_of

IS_HELD = jobs.c.state.in_([JobState.RUNNING, JobState.DELIVERING])


def is_held_by(lease: Lease) -> ColumnElement[bool]:
    """Tell in a query whether a lease still holds its job."""
    return and_(
        jobs.c.id == lease.job_id,
        jobs.c.worker == lease.worker,
        jobs.c.attempt == lease.attempt,
    )


async def write(conn: AsyncConnection, lease: Lease, condition: Any, **changes: Any) -> bool:
    """Change a job if the lease still holds it; False means throw this attempt away."""
    changed = update(jobs).where(is_held_by(lease), condition).values(changes)
    return (await conn.execute(changed)).rowcount == 1


async def end(conn: AsyncConnection, lease: Lease, ending: Ending, now: float) -> bool:
    """Settle or refund a running or delivering job; False when the lease is lost."""
    changes = columns_of(ending, now)
    if ending.request_id:
        changes["request_id"] = ending.request_id
    is_kept = await write(conn, lease, IS_HELD, **changes)
    if is_kept:
        await ledger.settle(conn, {lease.job_id: ending}, now)
    return is_kept
