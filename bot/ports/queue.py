"""What is asked of the queue: requests, claims, progress, reading."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import Cancel, Job, JobId, Lease, Order
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.line import Line
from bot.domain.quotas.allowances import NO_LIMITS, NOTHING_TAKEN, Allowance, Taken, Use


@dataclass(frozen=True, slots=True)
class Accepted:
    """`ahead` jobs start before this one, as the queue stands; `is_new` is False for a repeat.

    `taken` is what it uses of its allowance.
    """

    ahead: int
    is_new: bool
    taken: Taken = NOTHING_TAKEN

    @property
    def warnings(self) -> tuple[Use, ...]:
        """Budgets that are near their end with this job, each once in its period."""
        return self.taken.nearing


@dataclass(frozen=True, slots=True)
class Agenda:
    """What waits: pools with a startable job, whether a delivery does, when the next pause ends."""

    pools: tuple[str, ...]
    has_delivery: bool
    next_at: float | None


class JobRequests(Protocol):
    """What members ask of the queue."""

    async def accept(
        self, order: Order, limits: RunLimits, now: float, allowance: Allowance = NO_LIMITS
    ) -> Accepted:
        """Take from the allowance, reserve in the ledger, insert the job: one transaction.

        The same id again is the same job. Raises QueueDrained, AlreadyAtWork, TooManyWaiting,
        QuotaSpent or SubmittingPaused.
        """

    async def is_at_work(self, user_id: int, claim: str) -> bool:
        """Tell, without a lock, whether a member has a job of this claim at work."""

    async def cancel(self, job_id: JobId, by: int, now: float, *, if_sent: bool) -> Cancel:
        """End a job nothing was sent for; mark one at work (`if_sent`) for its holder to end.

        A moderator's cancel of somebody else's is written down.
        """

    async def find(self, job_id: JobId) -> Job | None:
        """Return a job in whatever state; None where no row has that id, or has it any more."""

    async def of_member(self, user_id: int, limit: int) -> list[Job]:
        """Return a member's latest jobs, newest first."""


class JobDeletions(Protocol):
    """Results that somebody wants gone; what they cost stays in the ledger."""

    async def find(self, job_id: JobId) -> Job | None:
        """Return a job in whatever state; None where no row has that id, or has it any more."""

    async def mark_deleted(self, job_id: JobId, by: int, now: float) -> bool:
        """Note that a result is deleted; False where it was already, or there is none.

        A moderator's deletion of somebody else's is written down.
        """

    async def note_copy(self, job_id: JobId, channel_id: int, message_id: int) -> None:
        """Note a further message that shows a result, before it does, so that it goes with it."""

    async def copies(self, job_id: JobId) -> list[tuple[int, int]]:
        """Return the channel and the message of each copy that was noted."""

    async def forget_deleted(self, job_id: JobId) -> None:
        """Forget the names of a deleted job's pictures; while it is delivered, they are counted."""


class JobClaims(Protocol):
    """What the worker takes, and keeps while it lives."""

    async def agenda(self, pools: Sequence[str], now: float) -> Agenda:
        """Look, without a lock, what there may be to claim."""

    async def claim_next(
        self,
        pool: str,
        worker: str,
        limits: RunLimits,
        now: float,
        lease_s: float,
        *,
        only: JobId | None = None,
    ) -> Job | None:
        """Take the next job of a pool in fair order, if every limit leaves room.

        `only` takes that job, out of its turn, if the pool has a free slot. What waited past its
        deadline is never taken: it ends as expired.
        """

    async def claim_delivery(
        self, worker: str, now: float, lease_s: float, *, only: JobId | None = None
    ) -> Job | None:
        """Take a delivering or untold job that nobody holds and whose pause is over.

        `only` takes no other job.
        """

    async def renew(
        self, worker: str, held: Collection[JobId], now: float, lease_s: float
    ) -> set[JobId]:
        """Extend a worker's leases on these jobs; returns those of them that it still holds."""

    async def rescue(self, now: float, *, retry_unknown: bool = False) -> int:
        """Move on every job whose lease ran out or whose wait is over; returns how many.

        Unsent and resumable ones go back to the queue, sent ones end as unknown (or go back too,
        a few times, with `retry_unknown`), those that waited past their deadline as expired.
        """

    async def release_unsent(self, worker: str) -> int:
        """Hand back what a stopping worker has claimed and not sent; returns how many."""

    async def release(self, worker: str) -> int:
        """Hand back all of a stopped worker that another may go on with; returns how many."""


class JobProgress(Protocol):
    """What a job's holder writes: fenced by its lease, it answers False when that is lost."""

    async def find(self, job_id: JobId) -> Job | None:
        """Return a job in whatever state; None where no row has that id, or has it any more."""

    async def record_sent(self, lease: Lease, now: float) -> bool:
        """Note that the paid request may leave from here on; a task of an earlier one is over."""

    async def record_task(self, lease: Lease, task_id: str) -> bool:
        """Note the API's own task id, before it is first asked about."""

    async def requeue(
        self, lease: Lease, ready_at: float, *, is_fault: bool = False, may_be_at_work: bool = False
    ) -> bool:
        """Return a job to its place in the queue; it starts no earlier than `ready_at`.

        `is_fault`: the API broke, which may happen a few times; being too busy is no fault.
        `may_be_at_work`: what was sent may be at work, so the job stays sent, like one with a task.
        """

    async def record_drawn(
        self,
        lease: Lease,
        outputs: Sequence[str],
        request_id: str | None,
        now: float,
        *,
        results: Sequence[str] = (),
    ) -> bool:
        """Note the pictures, kept (blob keys) or at the API (addresses): the slot is free.

        The job is `delivering` from here on. A cancelled one stays as it is: see `end_cancelled`.
        """

    async def record_fetched(self, lease: Lease, outputs: Sequence[str]) -> bool:
        """Note that the pictures of a delivering job are all kept now."""

    async def end(self, lease: Lease, ending: Ending, now: float) -> bool:
        """Settle or refund a running or delivering job; unless done, its member is to be told."""

    async def end_cancelled(self, lease: Lease, ending: Ending, now: float) -> bool:
        """End a running job that was cancelled; False when it was not, or the lease is lost."""

    async def retry_delivery(self, lease: Lease, ready_at: float) -> bool:
        """Hand an undelivered job back for a later try."""

    async def forget_deleted(self, job_id: JobId) -> None:
        """Forget the names of a deleted job's pictures; while it is delivered, they are counted."""

    async def record_told(self, job_id: JobId, now: float) -> None:
        """Note that the member saw the end."""


class JobReading(Protocol):
    """What is looked at without a lock."""

    async def find(self, job_id: JobId) -> Job | None:
        """Return a job in whatever state; None where no row has that id, or has it any more."""

    async def busy(self, pools: Sequence[str]) -> list[str]:
        """Return those of the pools in which a job waits or runs."""

    async def line(self, pool: str) -> Line:
        """Return who waits and runs in a pool, for a look at the order they start in."""

    async def ahead_of(self, job_id: JobId) -> int:
        """Count the jobs of the same pool that were accepted earlier and may start or run."""

    async def recent_seconds(self, engine: str, limit: int) -> list[float]:
        """Return the latest times from start to picture of an engine, newest first."""
