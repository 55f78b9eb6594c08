"""From a claimed job to its raw pictures: one API request, written down step by step."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import structlog

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.engines.states import Telling
from bot.domain.jobs.endings import Ending, cancelled_sent, cancelled_unsent, failed
from bot.domain.jobs.job import Job, JobState, Lease, raw_keys
from bot.domain.jobs.progress import Progress
from bot.domain.provider_errors import (
    Busy,
    EngineGone,
    OperatorFault,
    OutcomeUnknown,
    OutOfSight,
    ProviderError,
    RequestBug,
)
from bot.domain.storage_errors import StorageUnavailable
from bot.ports.clock import Clock
from bot.ports.engines import EngineWatch
from bot.ports.pictures import BlobStore
from bot.ports.provider import Drawn, LeaseLost, Provider, Work
from bot.ports.queue import JobProgress
from bot.worker.engine_reports import EngineReports
from bot.worker.outages import retry_while_away
from bot.worker.outcomes import Ended, LeaseGone, Outcome, Requeued, ToDeliver
from bot.worker.retries import (
    Interrupted,
    last_word,
    may_be_at_work_still,
    pause_before_retry,
    while_at_work,
)

_log = structlog.get_logger(__name__)


class LeaseJournal:
    """Commits each step of a request under the job's lease; `far` hears how far it is."""

    def __init__(
        self,
        store: JobProgress,
        lease: Lease,
        now: Clock,
        *,
        has_task: bool,
        far: Progress | None = None,
    ) -> None:
        self._store = store
        self._lease = lease
        self._now = now
        self._far = far or Progress()
        self.was_sent = False
        self.has_task = has_task

    async def sending(self) -> None:
        """Commit "sent"; a task of an earlier request is over."""
        if not await retry_while_away(
            lambda: self._store.record_sent(self._lease, self._now()), self._now
        ):
            raise LeaseLost
        self.was_sent = True
        self.has_task = False

    async def accepted(self, task_id: str) -> None:
        """Commit the task's id."""
        if not await retry_while_away(
            lambda: self._store.record_task(self._lease, task_id), self._now
        ):
            raise LeaseLost
        self.has_task = True

    def progress(self, percent: int) -> None:
        """Let whoever shows the job know."""
        self._far.note(self._lease.job_id, percent)


class Runner:
    """Draws one job at a time; knows nothing of Discord."""

    def __init__(
        self,
        *,
        store: JobProgress,
        blobs: BlobStore,
        catalogue: Catalogue,
        providers: Mapping[str, Provider],
        watch: EngineWatch,
        now: Clock,
        progress: Progress | None = None,
        retry_unknown: bool = False,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._catalogue = catalogue
        self._providers = providers
        self._reports = EngineReports(watch, catalogue)
        self._now = now
        self._progress = progress or Progress()
        self._retry_unknown = retry_unknown

    async def run(self, job: Job, lease: Lease) -> Outcome:
        """Draw, then record the pictures, the return to the queue or the end."""
        state = self._catalogue.suspended(job.order.engine)
        if state is not None and job.sent_at is None:
            return await self._end(lease, failed(job, state.error()))
        has_task = job.remote_task is not None
        far = self._progress
        far.begin(job.id)
        journal = LeaseJournal(self._store, lease, self._now, has_task=has_task, far=far)
        try:
            drawn = await self._draw(job, journal)
        except LeaseLost:
            return LeaseGone()
        except ProviderError as error:
            _note(job, error)
            telling = _telling(error)
            if telling is not None:
                await self._reports.failed(job, telling)
            return await self._answer(job, lease, error)
        finally:
            far.forget(job.id)
        return await self._keep(job, lease, drawn)

    async def _draw(self, job: Job, journal: LeaseJournal) -> Drawn:
        engine = self._catalogue.get(job.order.engine)
        provider = self._providers.get(engine.provider) if engine else None
        if engine is None or provider is None:
            kind = OperatorFault if job.sent_at is None else OutOfSight
            raise kind(detail=f"engine {job.order.engine} is no longer configured")
        try:
            return await provider.draw(await self._work(job, engine), journal)
        except (ProviderError, LeaseLost, StorageUnavailable):
            raise
        except Exception as error:
            incident = secrets.token_hex(4)
            _log.exception("job_failed_unexpectedly", job=job.id, incident=incident)
            raise _kind_of_fault(job, journal)(detail=f"incident {incident}") from error

    async def _work(self, job: Job, engine: Engine) -> Work:
        return Work(
            job_id=job.id,
            engine=engine,
            options=job.order.options,
            pictures=tuple([await self._blobs.get(key) for key in job.order.inputs]),
            remote_task=job.remote_task,
            was_sent=job.sent_at is not None,
            priority=job.order.priority,
        )

    async def _keep(self, job: Job, lease: Lease, drawn: Drawn) -> Outcome:
        keys = raw_keys(lease.job_id, len(drawn.pictures))
        for key, data in zip(keys, drawn.pictures, strict=True):
            await retry_while_away(partial(self._blobs.put, key, data), self._now)
        request_id, drawn_at = drawn.request_id or None, self._now()
        is_kept = await retry_while_away(
            lambda: self._store.record_drawn(lease, keys, request_id, drawn_at, results=drawn.urls),
            self._now,
        )
        if not is_kept:
            made = len(drawn.pictures) or len(drawn.urls)
            outcome = await self._end_cancelled(
                lease, lambda read: cancelled_sent(read, request_id, made=made)
            )
            if isinstance(outcome, Ended):
                await self._blobs.delete(keys)
            return outcome
        return ToDeliver(
            replace(
                job,
                state=JobState.DELIVERING,
                drawn_at=drawn_at,
                outputs=tuple(keys),
                results=drawn.urls,
                request_id=request_id,
            )
        )

    async def _answer(self, job: Job, lease: Lease, error: ProviderError) -> Outcome:
        may_be_at_work = may_be_at_work_still(job)
        if may_be_at_work:
            error = while_at_work(error)
        state = self._catalogue.suspended(job.order.engine)
        pause = pause_before_retry(
            job,
            error,
            self._now(),
            may_be_at_work=may_be_at_work,
            suspended_until=state.until if state else None,
            retry_unknown=self._retry_unknown,
        )
        if pause is not None:
            return await self._requeue(lease, error, pause, may_be_at_work=may_be_at_work)
        engine = self._catalogue.get(job.order.engine)
        bill_refused = engine is None or engine.bill_refused
        word = last_word(error, may_be_at_work=may_be_at_work)
        return await self._end(lease, failed(job, word, bill_refused=bill_refused))

    async def _requeue(
        self, lease: Lease, error: ProviderError, pause: float, *, may_be_at_work: bool
    ) -> Outcome:
        is_busy, is_unseen = isinstance(error, Busy), isinstance(error, OutOfSight)
        is_fault = isinstance(error, Interrupted) or not (is_busy or is_unseen)
        ready_at = self._now() + pause
        is_back = await retry_while_away(
            lambda: self._store.requeue(
                lease, ready_at, is_fault=is_fault, may_be_at_work=may_be_at_work or is_unseen
            ),
            self._now,
        )
        if is_back:
            return Requeued(pause if is_busy else 0.0)
        return await self._end_cancelled(lease, partial(_end_of_cancelled, error))

    async def _end(self, lease: Lease, ending: Ending) -> Ended | LeaseGone:
        is_ended = await retry_while_away(
            lambda: self._store.end(lease, ending, self._now()), self._now
        )
        return Ended(ending) if is_ended else LeaseGone()

    async def _end_cancelled(
        self, lease: Lease, ending_of: Callable[[Job], Ending]
    ) -> Ended | LeaseGone:
        """End a job that was cancelled while it was at work."""
        # Read anew: the end names who cancelled it since it was claimed.
        job = await retry_while_away(lambda: self._store.find(lease.job_id), self._now)
        if job is None:
            return LeaseGone()
        ending = ending_of(job)
        is_ended = await retry_while_away(
            lambda: self._store.end_cancelled(lease, ending, self._now()), self._now
        )
        return Ended(ending) if is_ended else LeaseGone()


def _end_of_cancelled(error: ProviderError, job: Job) -> Ending:
    """Return the end of a job that is not tried again because it was cancelled at work."""
    if isinstance(error, OutcomeUnknown):
        return failed(job, error)
    return cancelled_unsent(by_asker=not job.is_cancelled_by_moderator)


def _kind_of_fault(job: Job, journal: LeaseJournal) -> type[ProviderError]:
    """Return what a fault of our own means for the job: what was sent may have been paid."""
    is_sent = journal.was_sent or job.sent_at is not None
    if journal.has_task or (is_sent and job.order.is_resumable):
        return Interrupted
    return OutcomeUnknown if journal.was_sent else RequestBug


def _telling(error: ProviderError) -> Telling | None:
    """Return what an error says about its engine, None for an error that says nothing of it."""
    if isinstance(error, RequestBug):
        return error if error.api_code else None  # without a code it is not the API's word
    # Why a task cannot be seen may be the operator's to mend, too.
    cause = error.__cause__ if isinstance(error, OutOfSight) else error
    return cause if isinstance(cause, OperatorFault | EngineGone) else None


def _note(job: Job, error: ProviderError) -> None:
    _log.warning(
        "api_refused",
        job=job.id,
        engine=job.order.engine,
        code=error.code,
        request_id=error.request_id,
        detail=error.detail,
    )
