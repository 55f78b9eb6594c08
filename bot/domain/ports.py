"""What the services and the worker need of the world; storage, providers and Discord provide it."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.engines.engine import Engine
from bot.domain.jobs.endings import Ending
from bot.domain.jobs.fairness import Lane
from bot.domain.jobs.job import Cancel, Job, JobId, Lease, Order, Wishes
from bot.domain.jobs.limits import PictureLimits, RunLimits
from bot.domain.jobs.line import Line, Standing
from bot.domain.pictures.picture import Album, Picture
from bot.domain.quotas.allowances import BOUNDLESS, Allowance, Use

Clock = Callable[[], float]
"""Returns unix seconds."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """`ahead` jobs start before this one, as the queue stands; `is_new` is False for a repeat.

    `warnings` are budgets that are near their end with this job, each once in its period.
    """

    ahead: int
    is_new: bool
    warnings: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One ledger row (contract, "A usage object"); times are unix seconds."""

    job_id: JobId
    guild_id: int | None
    channel_id: int
    user_id: int
    command: str
    engine: str
    pool: str
    state: str
    images: int
    cost_usd: float
    refunded: bool
    error_code: str | None
    request_id: str | None
    created_at: float
    started_at: float | None
    finished_at: float | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """What waits: pools with a startable job, whether a delivery does, when the next pause ends."""

    pools: tuple[str, ...]
    has_delivery: bool
    next_at: float | None


class JobStore(Protocol):
    """The queue. A holder's write is fenced by its lease and answers False when that is lost."""

    async def accept(
        self, order: Order, limits: RunLimits, now: float, allowance: Allowance = BOUNDLESS
    ) -> Accepted:
        """Take from the allowance, reserve in the ledger, insert the job: one transaction.

        The same id again is the same job. Raises TooManyWaiting, QuotaSpent, SubmittingPaused.
        """

    async def agenda(self, pools: Sequence[str], now: float) -> Agenda:
        """Look, without a lock, what there may be to claim."""

    async def claim_next(
        self, pool: str, worker: str, limits: RunLimits, now: float, lease_s: float
    ) -> Job | None:
        """Take the next job of a pool in fair order, if every limit leaves room.

        What waited past its deadline is never taken: it ends as expired.
        """

    async def record_sent(self, lease: Lease, now: float) -> bool:
        """Note that the paid request may leave from here on; a task of an earlier one is over."""

    async def record_task(self, lease: Lease, task_id: str) -> bool:
        """Note the API's own task id, before it is first asked about."""

    async def put_back(
        self, lease: Lease, ready_at: float, *, is_fault: bool = False, is_open: bool = False
    ) -> bool:
        """Return a job to its place in the queue; it starts no earlier than `ready_at`.

        `is_fault`: the API broke, which may happen a few times; being too busy is no fault.
        `is_open`: what was sent may be at work, so the job stays sent, like one with a task.
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

    async def record_told(self, job_id: JobId) -> None:
        """Note that the member saw the end."""

    async def claim_delivery(self, worker: str, now: float, lease_s: float) -> Job | None:
        """Take a delivering or untold job that nobody holds and whose pause is over."""

    async def retry_delivery(self, lease: Lease, ready_at: float) -> bool:
        """Hand an undelivered job back for a later try."""

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

    async def find(self, job_id: JobId) -> Job | None:
        """Return a job."""

    async def cancel(self, job_id: JobId, by: int, now: float, *, if_sent: bool) -> Cancel:
        """End a job nothing was sent for; mark one at work (`if_sent`) for its holder to end."""

    async def end_cancelled(self, lease: Lease, ending: Ending, now: float) -> bool:
        """End a running job that was cancelled; False when it was not, or the lease is lost."""

    async def record_posted(self, job_id: JobId, channel_id: int, message_id: int) -> None:
        """Note which new message shows the job's result, so that no second one follows."""

    async def of_member(self, user_id: int, limit: int) -> list[Job]:
        """Return a member's latest jobs, newest first."""

    async def busy(self, pools: Sequence[str]) -> list[str]:
        """Return those of the pools in which a job waits or runs."""

    async def line(self, pool: str) -> Line:
        """Return who waits and runs in a pool, for a look at the order they start in."""

    async def ahead_of(self, job_id: JobId) -> int:
        """Count the jobs of the same pool that were accepted earlier and still wait or run."""

    async def recent_seconds(self, engine: str, limit: int) -> list[float]:
        """Return the latest times from start to picture of an engine, newest first."""


class BlobStore(Protocol):
    """Pictures by key, e.g. "<job id>/in/0"."""

    async def put(self, key: str, data: bytes) -> None:
        """Store, durably; the same key again replaces it."""

    async def get(self, key: str) -> bytes:
        """Return the bytes; raises KeyError."""

    async def delete(self, keys: Sequence[str]) -> None:
        """Forget; unknown keys are no error."""

    async def owners(self, before: str) -> list[str]:
        """Return the ids of the jobs below `before` that pictures are kept for."""

    async def delete_all(self, owner: str) -> None:
        """Forget every picture of a job."""


class UsageStore(Protocol):
    """The ledger, read."""

    async def rows(self, since: float, guild_id: int | None = None) -> list[UsageRow]:
        """Return rows created at or after `since`, oldest first."""


class SettingsStore(Protocol):
    """Small values the program keeps about itself."""

    async def value(self, key: str) -> str | None:
        """Return a kept value."""

    async def keep(self, key: str, value: str) -> None:
        """Keep a value."""


class Turns(Protocol):
    """The turns of limits of requests per second, over all processes."""

    async def take(self, name: str, interval_s: float, now: float) -> float:
        """Return when the caller's turn is: now, or an interval after the last one handed out."""


class Journal(Protocol):
    """What a provider writes down while it works, so that a crash neither loses nor pays twice."""

    async def sending(self) -> None:
        """Commit "sent" just before the paid request leaves; raises LeaseLost."""

    async def accepted(self, task_id: str) -> None:
        """Commit the API's task id before the first poll; raises LeaseLost."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a provider is to draw; `pictures` are fitted inputs, `remote_task` an earlier try's."""

    job_id: JobId
    engine: Engine
    wishes: Wishes
    pictures: tuple[bytes, ...] = ()
    remote_task: str | None = None
    was_sent: bool = False
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the API gave: encoded pictures, not yet labelled, or the addresses to fetch them from.

    Addresses live for an hour at the least (seed 003).
    """

    pictures: tuple[bytes, ...] = ()
    request_id: str = ""
    urls: tuple[str, ...] = ()


Fetch = Callable[[str], Awaitable[bytes]]
"""Returns the picture behind a result's address; raises ServerFault (passing) or ResultLost."""


AlbumMaker = Callable[[int], Awaitable[Album]]
"""Returns a job's labelled pictures, none larger than so many bytes."""


class Provider(Protocol):
    """One way to get pictures made."""

    def is_resumable(self, engine: Engine) -> bool:
        """Whether a sent job can be taken up again, even before its task's id is known."""

    async def draw(self, work: Work, journal: Journal) -> Drawn:
        """Make the pictures; raises ProviderError."""


class Intake(Protocol):
    """Turns an untrusted upload into a picture an engine takes."""

    async def fit(self, data: bytes, limits: PictureLimits, lane: Lane) -> Picture:
        """Decode, clean and fit in the lane's turn; raises the NotPossible that names the limit."""


class Deliverer(Protocol):
    """Hands results and ends to members.

    Raises Undeliverable when Discord has a bad day, Unreachable when no rung is left.
    """

    async def announce(self, job: Job, standing: Standing) -> None:
        """Show in the deferred reply that the job waits; never raises for Discord's faults."""

    def shown(self, job_id: JobId) -> Standing | None:
        """Return what a waiting message says, as far as this process wrote it."""

    async def refresh(self, job: Job, standing: Standing) -> None:
        """Show a waiting job's new standing, unless its end is being shown; as `announce`."""

    async def post(self, job: Job, system: str, album: AlbumMaker) -> None:
        """Post the labelled pictures; `system` names what made them."""

    async def tell(self, job: Job) -> None:
        """Say in the waiting message how the job ended without a picture."""


class Standings(Protocol):
    """Where jobs stand, and about how long they take."""

    async def survey(self, pool: str) -> dict[JobId, Standing]:
        """Return who runs and who starts next in a pool, nearest first."""

    async def of(self, job: Job, ahead: int | None = None) -> Standing:
        """Return the standing of a waiting or running job; `ahead` of it are so many, if known."""

    def expire(self) -> None:
        """Read anew for whoever asks next: jobs have started or ended."""


class LeaseLost(Exception):
    """Another worker holds the job now: drop this attempt without a trace."""
