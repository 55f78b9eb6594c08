"""The queue as the services and the worker know it: one method, one transaction."""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import Cancel, Job, JobId, JobState, Lease, Order
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.line import Line
from bot.domain.ports import Accepted, Agenda, Clock
from bot.domain.quotas.allowances import BOUNDLESS, Allowance
from storage.database.tables import IS_DRAWN, IS_RUNNING, jobs
from storage.database.whole import whole
from storage.queue import cancels, claims, deliveries, holding, leases
from storage.queue.accept import accept
from storage.queue.agenda import agenda
from storage.queue.line import busy, count_ahead
from storage.queue.line import line as line_of
from storage.queue.rows import job_of


class SqlJobs:
    """`JobStore` on SQLite and PostgreSQL; the first statement of every change is a write."""

    def __init__(self, engine: AsyncEngine, *, now: Clock) -> None:
        self._engine = engine
        self._now = now

    @whole
    async def accept(
        self, order: Order, limits: RunLimits, now: float, allowance: Allowance = BOUNDLESS
    ) -> Accepted:
        """Take from the allowance, reserve in the ledger, insert the job: one transaction.

        The same id again is the same job. Raises TooManyWaiting, QuotaSpent, SubmittingPaused.
        """
        async with self._engine.begin() as conn:
            return await accept(conn, order, limits, allowance, now)

    @whole
    async def agenda(self, pools: Sequence[str], now: float) -> Agenda:
        """Look, without a lock, what there may be to claim."""
        async with self._engine.connect() as conn:
            return await agenda(conn, pools, now)

    @whole
    async def claim_next(
        self, pool: str, worker: str, limits: RunLimits, now: float, lease_s: float
    ) -> Job | None:
        """Take the next job of a pool in fair order, if every limit leaves room.

        What waited past its deadline ends first, a transaction per batch.
        """
        claim = claims.Claim(pool, worker, limits, now, lease_until=now + lease_s)
        while True:
            async with self._engine.connect() as conn:
                claimed = await claims.claim_next(conn, claim)
                if claimed.row is None and not claimed.expired:
                    return None  # rolled back: an idle look writes nothing to the disk
                await conn.commit()
            if claimed.row is not None:
                return job_of(claimed.row)

    @whole
    async def record_sent(self, lease: Lease, now: float) -> bool:
        """Note that the paid request may leave from here on; a task of an earlier one is over."""
        async with self._engine.begin() as conn:
            return await holding.write(conn, lease, IS_RUNNING, sent_at=now, remote_task=None)

    @whole
    async def record_task(self, lease: Lease, task_id: str) -> bool:
        """Note the API's own task id, before it is first asked about."""
        async with self._engine.begin() as conn:
            return await holding.write(conn, lease, IS_RUNNING, remote_task=task_id)

    @whole
    async def put_back(
        self, lease: Lease, ready_at: float, *, is_fault: bool = False, is_open: bool = False
    ) -> bool:
        """Return a job to its place in the queue; it starts no earlier than `ready_at`."""
        async with self._engine.begin() as conn:
            is_theirs = holding.is_held_by(lease)
            return await leases.put_back(
                conn, is_theirs, ready_at, is_fault=is_fault, is_open=is_open
            )

    @whole
    async def record_drawn(
        self,
        lease: Lease,
        outputs: Sequence[str],
        request_id: str | None,
        now: float,
        *,
        results: Sequence[str] = (),
    ) -> bool:
        """Note the pictures, kept or at the API: the slot is free, the lease goes on."""
        drawn = {
            "outputs": list(outputs),
            "results": list(results),
            "request_id": request_id,
            "drawn_at": now,
        }
        async with self._engine.begin() as conn:
            condition = and_(IS_RUNNING, jobs.c.cancel_at.is_(None))
            return await holding.write(conn, lease, condition, state=JobState.DELIVERING, **drawn)

    @whole
    async def record_fetched(self, lease: Lease, outputs: Sequence[str]) -> bool:
        """Note that the pictures of a delivering job are all kept now."""
        fetched = {"outputs": list(outputs), "results": []}
        async with self._engine.begin() as conn:
            return await holding.write(conn, lease, holding.IS_HELD, **fetched)

    @whole
    async def end(self, lease: Lease, ending: Ending, now: float) -> bool:
        """Settle or refund a running or delivering job.

        Unless it is done it lies free and untold, for `claim_delivery` to hand out at once.
        """
        async with self._engine.begin() as conn:
            return await holding.end(conn, lease, ending, now)

    @whole
    async def record_told(self, job_id: JobId) -> None:
        """Note that the member saw the end."""
        async with self._engine.begin() as conn:
            await deliveries.record_told(conn, job_id, self._now())

    @whole
    async def claim_delivery(self, worker: str, now: float, lease_s: float) -> Job | None:
        """Take a delivering or untold job that nobody holds and whose pause is over."""
        async with self._engine.connect() as conn:
            row = await deliveries.claim_delivery(conn, worker, now, now + lease_s)
            if row is None:
                return None
            await conn.commit()
        return job_of(row)

    @whole
    async def retry_delivery(self, lease: Lease, ready_at: float) -> bool:
        """Hand an undelivered job back for a later try."""
        async with self._engine.begin() as conn:
            return await deliveries.retry_delivery(conn, holding.is_held_by(lease), ready_at)

    @whole
    async def renew(
        self, worker: str, held: Collection[JobId], now: float, lease_s: float
    ) -> set[JobId]:
        """Extend a worker's leases on these jobs; returns those of them that it still holds."""
        async with self._engine.begin() as conn:
            return await leases.renew(conn, worker, held, now + lease_s)

    @whole
    async def rescue(self, now: float, *, retry_unknown: bool = False) -> int:
        """Move on every job whose lease ran out or whose wait is over; returns how many."""
        async with self._engine.begin() as conn:
            return await leases.rescue(conn, now, retry_unknown=retry_unknown)

    @whole
    async def void_leases(self) -> None:
        """Let every lease run out at once; only for the one process that may claim."""
        async with self._engine.begin() as conn:
            await leases.void(conn)

    @whole
    async def release_unsent(self, worker: str) -> int:
        """Hand back what a stopping worker has claimed and not sent; returns how many."""
        async with self._engine.begin() as conn:
            return await leases.release_unsent(conn, worker)

    @whole
    async def release(self, worker: str) -> int:
        """Hand back all of a stopped worker that another may go on with; returns how many."""
        async with self._engine.begin() as conn:
            return await leases.release(conn, worker)

    @whole
    async def find(self, job_id: JobId) -> Job | None:
        """Return a job."""
        async with self._engine.connect() as conn:
            found = await conn.execute(select(jobs).where(jobs.c.id == job_id))
            row = found.one_or_none()
        return job_of(row) if row else None

    @whole
    async def ahead_of(self, job_id: JobId) -> int:
        """Count the jobs of the same pool that were accepted earlier and still wait or run."""
        async with self._engine.connect() as conn:
            return await count_ahead(conn, job_id)

    @whole
    async def cancel(self, job_id: JobId, by: int, now: float, *, if_sent: bool) -> Cancel:
        """End a job nothing was sent for; mark one at work (`if_sent`) for its holder to end."""
        async with self._engine.begin() as conn:
            return await cancels.cancel(conn, job_id, by, now, if_sent=if_sent)

    @whole
    async def end_cancelled(self, lease: Lease, ending: Ending, now: float) -> bool:
        """End a running job that was cancelled; False when it was not, or the lease is lost."""
        async with self._engine.begin() as conn:
            return await cancels.end_cancelled(conn, holding.is_held_by(lease), ending, now)

    @whole
    async def record_posted(self, job_id: JobId, channel_id: int, message_id: int) -> None:
        """Note which new message shows the job's result, so that no second one follows."""
        async with self._engine.begin() as conn:
            await deliveries.record_posted(conn, job_id, channel_id, message_id)

    @whole
    async def of_member(self, user_id: int, limit: int) -> list[Job]:
        """Return a member's latest jobs, newest first."""
        async with self._engine.connect() as conn:
            return await deliveries.of_member(conn, user_id, limit)

    @whole
    async def busy(self, pools: Sequence[str]) -> list[str]:
        """Return those of the pools in which a job waits or runs."""
        async with self._engine.connect() as conn:
            return await busy(conn, pools)

    @whole
    async def line(self, pool: str) -> Line:
        """Return who waits and runs in a pool, for a look at the order they start in."""
        async with self._engine.connect() as conn:
            return await line_of(conn, pool)

    @whole
    async def recent_seconds(self, engine: str, limit: int) -> list[float]:
        """Return the latest times from start to picture of an engine, newest first."""
        took = select(jobs.c.drawn_at - jobs.c.started_at).where(jobs.c.engine == engine, IS_DRAWN)
        async with self._engine.connect() as conn:
            rows = await conn.scalars(took.order_by(jobs.c.drawn_at.desc()).limit(limit))
            return list(rows)
