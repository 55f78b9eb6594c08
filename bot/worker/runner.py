"""From a claimed job to its raw pictures: one API request, written down step by step."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import structlog

from bot.domain.endings import (
    Ending,
    cancelled_sent,
    cancelled_unsent,
    failed,
    is_worth_repeating,
)
from bot.domain.engines import Catalogue, Engine
from bot.domain.errors import (
    Busy,
    EngineGone,
    OperatorFault,
    OutcomeUnknown,
    ProviderError,
    RequestBug,
    ResultLost,
    ServerFault,
)
from bot.domain.jobs import Job, JobId, JobState, Lease
from bot.domain.ports import BlobStore, Clock, Drawn, JobStore, LeaseLost, Provider, Work
from bot.domain.scheduling import MAX_TRIES, pause_s

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Returned:
    """The job went back to its place; its pool should pause for `pause_s` (0 = only this job)."""

    pause_s: float


class _Journal:
    """Commits each step of a request under the job's lease."""

    def __init__(self, store: JobStore, lease: Lease, now: Clock) -> None:
        self._store = store
        self._lease = lease
        self._now = now
        self.was_sent = False

    async def sending(self) -> None:
        if not await self._store.record_sent(self._lease, self._now()):
            raise LeaseLost
        self.was_sent = True

    async def accepted(self, task_id: str) -> None:
        if not await self._store.record_task(self._lease, task_id):
            raise LeaseLost


class Runner:
    """Draws one job at a time; knows nothing of Discord."""

    def __init__(
        self,
        *,
        store: JobStore,
        blobs: BlobStore,
        catalogue: Catalogue,
        providers: Mapping[str, Provider],
        alert: Callable[[ProviderError], None],
        now: Clock,
        retry_unknown: bool = False,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._catalogue = catalogue
        self._providers = providers
        self._alert = alert
        self._now = now
        self._retry_unknown = retry_unknown

    async def run(self, job: Job, lease: Lease) -> Job | Returned | Ending | None:
        """Draw, then record the pictures, the return to the queue or the end.

        Returns the job as it is to be delivered, or what else became of it; None: lease lost.
        """
        journal = _Journal(self._store, lease, self._now)
        try:
            drawn = await self._draw(job, journal)
        except LeaseLost:
            return None
        except ProviderError as error:
            return await self._answer(job, lease, error)
        return await self._keep(job, lease, drawn)

    async def _draw(self, job: Job, journal: _Journal) -> Drawn:
        engine = self._catalogue.get(job.order.engine)
        provider = self._providers.get(engine.provider) if engine else None
        if engine is None or provider is None:
            raise OperatorFault(detail=f"engine {job.order.engine} is no longer configured")
        try:
            return await provider.draw(await self._work(job, engine), journal)
        except (ProviderError, LeaseLost):
            raise
        except Exception as error:
            incident = secrets.token_hex(4)
            _log.exception("job_failed_unexpectedly", job=job.id, incident=incident)
            is_lost = journal.was_sent and not provider.is_resumable
            kind = OutcomeUnknown if is_lost else RequestBug
            raise kind(detail=f"incident {incident}") from error

    async def _work(self, job: Job, engine: Engine) -> Work:
        return Work(
            job_id=job.id,
            engine=engine,
            wishes=job.order.wishes,
            pictures=tuple([await self._blobs.get(key) for key in job.order.inputs]),
            remote_task=job.remote_task,
            was_sent=job.sent_at is not None,
        )

    async def _keep(self, job: Job, lease: Lease, drawn: Drawn) -> Job | Ending | None:
        keys = raw_keys(lease.job_id, len(drawn.pictures))
        for key, data in zip(keys, drawn.pictures, strict=True):
            await self._blobs.put(key, data)
        request_id = drawn.request_id or None
        is_kept = await self._store.record_drawn(
            lease, keys, request_id, self._now(), results=drawn.urls
        )
        if not is_kept:
            ending = await self._end_cancelled(lease, cancelled_sent(job, request_id))
            if ending is not None:
                await self._blobs.delete(keys)
            return ending
        return replace(
            job,
            state=JobState.DELIVERING,
            outputs=tuple(keys),
            results=drawn.urls,
            request_id=request_id,
        )

    async def _answer(
        self, job: Job, lease: Lease, error: ProviderError
    ) -> Returned | Ending | None:
        _log.warning(
            "api_refused",
            job=job.id,
            engine=job.order.engine,
            code=error.code,
            request_id=error.request_id,
            detail=error.detail,
        )
        if isinstance(error, OperatorFault | EngineGone):
            self._alert(error)
        if isinstance(error, EngineGone):
            self._catalogue.switch_off(job.order.engine)
        pause = self._pause_before_retry(job, error)
        if pause is not None:
            is_busy = isinstance(error, Busy)
            ready_at = self._now() + pause
            if await self._store.put_back(lease, ready_at, is_fault=not is_busy):
                return Returned(pause if is_busy else 0.0)
            is_paid = isinstance(error, OutcomeUnknown)
            return await self._end_cancelled(
                lease, failed(job, error) if is_paid else cancelled_unsent()
            )
        engine = self._catalogue.get(job.order.engine)
        ending = failed(job, error, bill_refused=engine is None or engine.bill_refused)
        return ending if await self._store.end(lease, ending, self._now()) else None

    async def _end_cancelled(self, lease: Lease, ending: Ending) -> Ending | None:
        """End a job whose member cancelled it while it was at work; None: lease lost."""
        is_ended = await self._store.end_cancelled(lease, ending, self._now())
        return ending if is_ended else None

    def _pause_before_retry(self, job: Job, error: ProviderError) -> float | None:
        if isinstance(error, Busy):
            return error.retry_after_s
        if isinstance(error, ResultLost):
            return None  # paid for certain: another try would pay for another picture
        # Faults, not attempts: an API that is busy all day must not use up a job's tries.
        tries = job.faults + 1
        if tries >= MAX_TRIES:
            return None
        if isinstance(error, OutcomeUnknown) and self._retry_unknown:
            return pause_s(tries)
        if isinstance(error, ServerFault) and is_worth_repeating(error):
            return pause_s(tries)
        return None


def raw_keys(job_id: JobId, count: int) -> list[str]:
    """Return the blob keys of a job's raw pictures."""
    return [f"{job_id}/raw/{number}" for number in range(count)]
