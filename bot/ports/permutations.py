"""Requests that wait for a yes: kept, taken once, and accepted as several jobs or none."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.jobs.job import JobId, Order
from bot.domain.jobs.limits import RunLimits
from bot.domain.permutations.request import PendingRequest
from bot.domain.quotas.allowances import Allowance
from bot.ports.queue import Accepted


class PendingRequestStore(Protocol):
    """What members asked for and have yet to confirm."""

    async def keep(self, request: PendingRequest) -> None:
        """Keep a request until it expires; forgets what has expired before it was asked."""

    async def find(self, request_id: str, now: float) -> PendingRequest | None:
        """Return a request that still waits; None where there is none, or none any more."""

    async def give_up(self, request_id: str) -> bool:
        """Forget a request; False where it waits no more, so that nothing was given up."""


class BatchRequests(Protocol):
    """Several jobs that are accepted together."""

    async def accept_all(
        self,
        request_id: str,
        orders: Sequence[Order],
        limits: RunLimits,
        now: float,
        allowance: Allowance,
        *,
        ready_at: float,
    ) -> tuple[Accepted, ...]:
        """Take a waiting request and accept its orders, all of them or none: one transaction.

        All are of one member, engine and number of pictures each. No job starts before `ready_at`,
        or `show_in`. The same orders again are the same jobs. Raises RequestGone,
        QueueDrained, PleaseConfirmAgain, TooManyWaiting, QuotaSpent or SubmittingPaused.
        """

    async def show_in(self, job_id: JobId, message_id: int) -> bool:
        """Note which message shows a job, and let it start; False where it started or ended."""
