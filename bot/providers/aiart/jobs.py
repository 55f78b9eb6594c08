"""What aiart says of a job, and how it is asked until the job is over."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.jobs.reasons.result_errors import ResultLost
from bot.domain.provider_errors import (
    Busy,
    InputRefused,
    Moderated,
    OutcomeUnknown,
    OutOfSight,
    ProviderError,
    ServerFault,
)
from bot.ports.clock import Clock, Sleep
from bot.providers.tencent.codes import call_error
from bot.providers.tencent.reply import text_of

Ask = Callable[[], Awaitable[Mapping[str, Any]]]

_FAILED, _DONE = "4", "5"  # JobStatusCode; "1" and "2" are still to come (aiart API, 2026-04)
_SHARE = 0.08  # of a job's time so far: asking so often makes it longer by no more than a tenth
_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 5.0
GIVE_UP_S = 900.0  # others wait three minutes (reports, 2026-08), revising adds 20 s
_LOST_ANSWERS = 8  # in a row, before the job is handed back
_UNKNOWN_JOB = "FailedOperation.JobNotExist"


@dataclass(frozen=True, slots=True)
class JobReply:
    """What is known of a job: still going, done with `urls`, or over with `error`."""

    urls: tuple[str, ...] = ()
    error: ProviderError | None = None
    request_id: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return bool(self.urls) or self.error is not None


def read_job(response: Mapping[str, Any]) -> JobReply:
    """Read a Query… reply; missing, null and "" mean the same (aiart API, 2026-04)."""
    request_id = text_of(response.get("RequestId"))
    status = str(response.get("JobStatusCode"))
    if status == _FAILED:
        return JobReply(error=_failure(response, request_id), request_id=request_id)
    if status != _DONE:
        return JobReply(request_id=request_id)
    images = response.get("ResultImage")
    urls = tuple(filter(None, map(text_of, images))) if isinstance(images, list) else ()
    if urls:
        return JobReply(urls, request_id=request_id)
    detail = f"done without a picture: {response.get('ResultDetails')}"
    lost = ResultLost("NoResult", request_id=request_id, detail=detail)
    return JobReply(error=lost, request_id=request_id)


async def end_of(
    ask: Ask, *, sleep: Sleep, clock: Clock, shortest_s: float = _SHORTEST_PAUSE_S
) -> JobReply:
    """Ask until the job is over; lost answers are asked for again, which costs nothing.

    `shortest_s` lie between two questions at the least.

    Raises OutOfSight where the replies are errors themselves, OutcomeUnknown for a job that the
    API does not know (any more) or that takes longer than `GIVE_UP_S`.
    """
    started_at, lost = clock(), 0
    while (elapsed_s := clock() - started_at) < GIVE_UP_S:
        try:
            state = read_job(await ask())
        except ProviderError as error:
            lost += 1
            # A job just submitted may not be known everywhere yet.
            is_unknown = error.api_code == _UNKNOWN_JOB
            is_passing = is_unknown or isinstance(error, Busy | ServerFault)
            if lost > _LOST_ANSWERS or not is_passing:
                raise _without_job(error) from error
        else:
            lost = 0
            if state.is_over:
                return state
        await sleep(min(max(elapsed_s * _SHARE, shortest_s), _LONGEST_PAUSE_S))
    raise OutcomeUnknown("JobTimeout", detail=f"not over after {GIVE_UP_S:.0f} s")


def _failure(response: Mapping[str, Any], request_id: str) -> ProviderError:
    code, message = text_of(response.get("JobErrorCode")), text_of(response.get("JobErrorMsg"))
    if not code:
        return ServerFault("JobFailed", request_id=request_id, detail=message)
    return call_error(code, request_id=request_id, detail=message)


def _without_job(error: ProviderError) -> ProviderError:
    """Return what a reply that does not show the job means: that one goes on, unless forgotten.

    A refusal may be told as the error of the question itself.
    """
    if isinstance(error, Moderated | InputRefused):
        return error
    kind = OutcomeUnknown if error.api_code == _UNKNOWN_JOB else OutOfSight
    return kind(error.api_code, request_id=error.request_id, detail=error.detail)
