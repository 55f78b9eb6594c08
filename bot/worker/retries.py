"""What follows a failed try at an API: another one after a pause, or the end."""

from bot.domain.jobs.endings import is_worth_repeating
from bot.domain.jobs.job import Job
from bot.domain.jobs.reasons.result_errors import ResultLost
from bot.domain.jobs.scheduling import MAX_TRIES, pause_s
from bot.domain.provider_errors import (
    Busy,
    EngineGone,
    InputRefused,
    Moderated,
    OperatorFault,
    OutcomeUnknown,
    OutOfSight,
    ProviderError,
    ServerFault,
)

# Beyond the job's own deadline; tasks can be asked about for three days (VOD, 2026-10).
_SOUGHT_S = 6 * 3600.0
_LONGEST_SEARCH_PAUSE_S = 60.0


class Interrupted(OutOfSight):
    """A fault of our own cut off the watch over what was sent; few such tries are worth it."""


def may_be_at_work_still(job: Job) -> bool:
    """Tell whether an earlier try's request may be at work: its reply, and the task's id, lost."""
    return job.sent_at is not None and job.remote_task is None


def while_at_work(error: ProviderError) -> ProviderError:
    """Return what an error means for a job that may be at work: that one goes on, and is paid."""
    if not isinstance(error, OperatorFault | EngineGone):
        return error
    return OutOfSight(error.api_code, request_id=error.request_id, detail=error.detail)


def pause_before_retry(
    job: Job,
    error: ProviderError,
    now: float,
    *,
    may_be_at_work: bool,
    suspended_until: float | None,
    retry_unknown: bool,
) -> float | None:
    """Return the seconds until the next try, None for the end; `may_be_at_work`: what was sent.

    An API that is busy and a task out of sight use up none of a job's tries.
    """
    if isinstance(error, OutOfSight) and not isinstance(error, Interrupted):
        pause = min(pause_s(job.attempt), _LONGEST_SEARCH_PAUSE_S)
        in_sight_in = 0.0 if suspended_until is None else suspended_until - now
        return None if _is_sought_enough(job, now) else max(pause, in_sight_in)
    if isinstance(error, Busy):
        return None if may_be_at_work and _is_sought_enough(job, now) else error.retry_after_s
    tries = job.faults + 1
    if tries >= MAX_TRIES or not _is_repeated(error, retry_unknown=retry_unknown):
        return None
    return pause_s(tries)


def last_word(error: ProviderError, *, may_be_at_work: bool) -> ProviderError:
    """Return the error that a job ends with: what may be at work may have been paid."""
    is_answer = isinstance(error, Moderated | InputRefused | OutcomeUnknown)
    if is_answer or not (may_be_at_work or isinstance(error, OutOfSight)):
        return error
    return OutcomeUnknown(error.api_code, request_id=error.request_id, detail=error.detail)


def _is_sought_enough(job: Job, now: float) -> bool:
    return now >= (job.deadline_at or job.created_at) + _SOUGHT_S


def _is_repeated(error: ProviderError, *, retry_unknown: bool) -> bool:
    if isinstance(error, ResultLost):
        return False  # paid for certain: another try would pay for another picture
    if isinstance(error, OutcomeUnknown):
        return retry_unknown
    return isinstance(error, ServerFault) and is_worth_repeating(error)
