"""What a job's holder writes, each naming job, worker and attempt: a lost lease changes no row."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, TextClause, and_, case, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import JobId, JobState, Lease
from bot.ports.queue import JobProgress
from storage.accounts import ledger
from storage.database.tables import IS_RUNNING, jobs
from storage.database.transactions import Store, in_transaction, lock_account
from storage.moderation.job_acts import note_result
from storage.moderation.tables import erasures
from storage.queue.leases import requeue_jobs
from storage.queue.rows import columns_of, is_held_by

_IS_HELD = jobs.c.state.in_([JobState.RUNNING, JobState.DELIVERING])
_IS_CANCELLED = jobs.c.cancel_at.is_not(None)


class SqlProgress(Store, JobProgress):
    """`JobProgress` on SQLite and PostgreSQL; False means: throw this attempt away."""

    @override
    @in_transaction
    async def record_sent(self, conn: AsyncConnection, lease: Lease, now: float) -> bool:
        return await _write(conn, lease, IS_RUNNING, sent_at=now, remote_task=None)

    @override
    @in_transaction
    async def record_task(self, conn: AsyncConnection, lease: Lease, task_id: str) -> bool:
        return await _write(conn, lease, IS_RUNNING, remote_task=task_id)

    @override
    @in_transaction
    async def requeue(
        self,
        conn: AsyncConnection,
        lease: Lease,
        ready_at: float,
        *,
        is_fault: bool = False,
        may_be_at_work: bool = False,
    ) -> bool:
        await lock_account(conn)
        # A cancelled one only comes back where work at the API is still to be waited for.
        is_at_work = or_(jobs.c.remote_task.is_not(None), literal(may_be_at_work))
        is_wanted = or_(~_IS_CANCELLED, is_at_work)
        changes = {
            "ready_at": ready_at,
            "sent_at": case((is_at_work, jobs.c.sent_at)),
            "faults": jobs.c.faults + int(is_fault),
        }
        return await requeue_jobs(conn, and_(is_held_by(lease), is_wanted), **changes) == 1

    @override
    @in_transaction
    async def record_drawn(
        self,
        conn: AsyncConnection,
        lease: Lease,
        outputs: Sequence[str],
        request_id: str | None,
        now: float,
        *,
        results: Sequence[str] = (),
    ) -> bool:
        """Note the pictures, kept or at the API: the slot is free, the lease goes on."""
        return await _write(
            conn,
            lease,
            and_(IS_RUNNING, ~_IS_CANCELLED),
            state=JobState.DELIVERING,
            outputs=list(outputs),
            results=list(results),
            request_id=request_id,
            drawn_at=now,
        )

    @override
    @in_transaction
    async def record_fetched(
        self, conn: AsyncConnection, lease: Lease, outputs: Sequence[str]
    ) -> bool:
        return await _write(conn, lease, _IS_HELD, outputs=list(outputs), results=[])

    @override
    @in_transaction
    async def end(self, conn: AsyncConnection, lease: Lease, ending: Ending, now: float) -> bool:
        """Settle or refund a running or delivering job.

        Unless it is done it lies free and untold, for `claim_delivery` to hand out at once.
        """
        changes = columns_of(ending, now)
        if ending.request_id:
            changes["request_id"] = ending.request_id
        is_kept = await _write(conn, lease, _IS_HELD, **changes)
        if is_kept:
            if ending.state is JobState.DONE:
                await note_result(conn, lease.job_id, now)
            else:
                await _forget_words(conn, lease.job_id)
            await ledger.settle(conn, {lease.job_id: ending}, now)
        return is_kept

    @override
    @in_transaction
    async def end_cancelled(
        self, conn: AsyncConnection, lease: Lease, ending: Ending, now: float
    ) -> bool:
        ended = update(jobs).where(is_held_by(lease), IS_RUNNING, _IS_CANCELLED)
        job_id = await conn.scalar(ended.values(columns_of(ending, now)).returning(jobs.c.id))
        if job_id is None:
            return False
        await _forget_words(conn, JobId(job_id))
        await ledger.settle(conn, {JobId(job_id): ending}, now)
        return True


async def _forget_words(conn: AsyncConnection, job_id: JobId) -> None:
    """Empty an ended job whose member waits to be erased: its end is told without their words."""
    is_erased = jobs.c.user_id.in_(select(erasures.c.user_id))
    theirs = update(jobs).where(jobs.c.id == job_id, is_erased)
    await conn.execute(theirs.values(prompt=None, negative=None, inputs=[]))


async def _write(
    conn: AsyncConnection,
    lease: Lease,
    condition: ColumnElement[bool] | TextClause,
    **changes: Any,
) -> bool:
    changed = update(jobs).where(is_held_by(lease), condition).values(changes)
    return (await conn.execute(changed)).rowcount == 1
