"""Keeps, returns and rescues what workers hold, and ends what waited too long, under the mutex."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.engines.states import EngineState
from bot.domain.jobs.endings import Ending, cancelled_sent, failed, late
from bot.domain.jobs.job import Job, JobId, JobState
from bot.domain.jobs.scheduling import LONGEST_CALL_S, MAX_TRIES
from bot.domain.provider_errors import OutcomeUnknown
from bot.ports.engines import WaitingJobs
from bot.ports.queue import JobClaims
from storage.accounts import ledger
from storage.database.tables import IS_LEASED, IS_OCCUPYING, IS_QUEUED, IS_RUNNING, IS_UNTOLD, jobs
from storage.database.transactions import Store, in_transaction, lock_account
from storage.queue.lanes import PLACE, refresh, uncharge
from storage.queue.rows import NOBODYS, columns_of, job_of

IS_UNSENT = jobs.c.sent_at.is_(None)
_IS_FREE_TO_REPEAT = or_(IS_UNSENT, jobs.c.is_resumable, jobs.c.remote_task.is_not(None))
_ENDED_AT_ONCE = 500  # so that a long queue's end never holds up the claims for long


class SqlLeases(Store, JobClaims, WaitingJobs):
    """The leases of `JobClaims`."""

    @override
    @in_transaction
    async def renew(
        self,
        conn: AsyncConnection,
        worker: str,
        held: Collection[JobId],
        now: float,
        lease_s: float,
    ) -> set[JobId]:
        """Extend a worker's leases on these jobs; returns those of them that it still holds.

        Its other rows are left to run out: nobody is at work on them any more.
        """
        await lock_account(conn)
        is_theirs = and_(IS_LEASED, jobs.c.worker == worker, jobs.c.id.in_(held))
        renewed = update(jobs).where(is_theirs).values(lease_until=now + lease_s)
        return set(await conn.scalars(renewed.returning(jobs.c.id)))

    @override
    @in_transaction
    async def release_unsent(self, conn: AsyncConnection, worker: str) -> int:
        """Hand back what a worker has claimed and not sent; returns how many."""
        await lock_account(conn)
        return await requeue_jobs(conn, and_(IS_LEASED, jobs.c.worker == worker, IS_UNSENT))

    @override
    @in_transaction
    async def release(self, conn: AsyncConnection, worker: str) -> int:
        """Hand back all that another worker may go on with; returns how many."""
        await lock_account(conn)
        is_theirs = and_(IS_LEASED, jobs.c.worker == worker)
        jobs_back = await requeue_jobs(conn, and_(is_theirs, _IS_FREE_TO_REPEAT))
        handed = update(jobs).where(is_theirs, IS_UNTOLD).values(NOBODYS)
        deliveries = (await conn.scalars(handed.returning(jobs.c.id))).all()
        return jobs_back + len(deliveries)

    @in_transaction
    async def void_leases(self, conn: AsyncConnection) -> None:
        """Let every lease run out: nobody else can be alive to hold one."""
        await lock_account(conn)
        await conn.execute(update(jobs).where(IS_LEASED).values(lease_until=0.0))

    @override
    @in_transaction
    async def rescue(
        self, conn: AsyncConnection, now: float, *, retry_unknown: bool = False
    ) -> int:
        await lock_account(conn)
        is_lost = and_(IS_LEASED, jobs.c.lease_until < now)
        moved = await requeue_jobs(conn, and_(is_lost, _IS_FREE_TO_REPEAT))
        slot_until = jobs.c.sent_at + LONGEST_CALL_S
        await conn.execute(update(jobs).where(IS_RUNNING, is_lost).values(slot_until=slot_until))
        if retry_unknown:
            again = {"sent_at": None, "faults": jobs.c.faults + 1}
            is_worth_it = and_(jobs.c.cancel_at.is_(None), jobs.c.faults + 1 < MAX_TRIES)
            moved += await requeue_jobs(conn, and_(is_lost, is_worth_it), **again)
        ended = await _close(conn, and_(IS_RUNNING, is_lost), _end_of_lost, now)
        ended |= await _end_late(conn, now)
        await ledger.settle(conn, ended, now)
        return moved + len(ended)

    @override
    @in_transaction
    async def end_waiting(self, conn: AsyncConnection, state: EngineState, now: float) -> int:
        """Refund and end a batch of jobs that wait for an engine, unsent; returns how many."""
        is_waiting = and_(IS_QUEUED, jobs.c.engine == state.engine, IS_UNSENT)
        oldest = select(jobs.c.id).where(is_waiting).order_by(jobs.c.created_at)
        condition = and_(IS_QUEUED, jobs.c.id.in_(oldest.limit(_ENDED_AT_ONCE)))
        await lock_account(conn)
        ended = await _close(conn, condition, lambda job: failed(job, state.error()), now)
        await ledger.settle(conn, ended, now)
        return len(ended)


def occupies(now: ColumnElement[float] | float) -> ColumnElement[bool]:
    """Tell in a query whether a job's call, given up here, may still hold its slot at the API."""
    return and_(IS_OCCUPYING, jobs.c.slot_until > now)


async def requeue_jobs(
    conn: AsyncConnection, condition: ColumnElement[bool], **changes: Any
) -> int:
    """Return running jobs to the queue and give back what their lanes were charged."""
    moved = (
        update(jobs)
        .where(IS_RUNNING, condition)
        .values(state=JobState.QUEUED, started_at=None, **NOBODYS, **changes)
        .returning(*PLACE, jobs.c.images)
    )
    rows = (await conn.execute(moved)).all()
    await uncharge(conn, rows)
    return len(rows)


def _end_of_lost(job: Job) -> Ending:
    """Return the end of a job whose call nobody waits for any more."""
    is_cancelled = job.cancel_at is not None
    return cancelled_sent(job, None) if is_cancelled else failed(job, OutcomeUnknown())


def is_late(now: ColumnElement[float] | float) -> ColumnElement[bool]:
    """Tell in a query whether a job nothing was sent for is past its deadline, if it has one.

    A task at the API is still taken up. Never null, so that it can be negated.
    """
    return and_(func.coalesce(jobs.c.deadline_at, now) < now, IS_UNSENT)


async def expire(conn: AsyncConnection, now: float) -> int:
    """End a batch of the jobs that nobody could start in time; returns how many.

    Under the account's mutex, as a transaction's last step.
    """
    ended = await _end_late(conn, now)
    await ledger.settle(conn, ended, now)
    return len(ended)


async def _end_late(conn: AsyncConnection, now: float) -> dict[JobId, Ending]:
    are_over = select(jobs.c.id).where(IS_QUEUED, jobs.c.deadline_at < now, IS_UNSENT)
    oldest = are_over.order_by(jobs.c.deadline_at).limit(_ENDED_AT_ONCE)
    are_late = and_(IS_QUEUED, jobs.c.id.in_(oldest))
    return await _close(conn, are_late, lambda job: late(job, now), now)


async def _close(
    conn: AsyncConnection,
    condition: ColumnElement[bool],
    ending_of: Callable[[Job], Ending],
    now: float,
) -> dict[JobId, Ending]:
    """End the jobs that meet the condition; their ledger rows are still to be settled."""
    freed = update(jobs).where(condition).values(NOBODYS)
    rows = (await conn.execute(freed.returning(*jobs.c))).all()
    endings = {JobId(row.id): ending_of(job_of(row)) for row in rows}
    if endings:
        await conn.execute(
            update(jobs).where(jobs.c.id == bindparam("ended_id")),
            [{"ended_id": job_id} | columns_of(end, now) for job_id, end in endings.items()],
        )
        await refresh(conn, [row for row in rows if row.state == JobState.QUEUED])
    return endings
