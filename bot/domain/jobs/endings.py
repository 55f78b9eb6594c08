"""The table of ends: what each end means for the member's quota and for the ledger."""

from dataclasses import dataclass

from bot.domain.errors import EaselError
from bot.domain.jobs.causes import Cause, cause_of
from bot.domain.jobs.errors import (
    CancelledByBlock,
    CancelledByDeparture,
    CancelledSent,
    CancelledSentByModerator,
    CancelledUnsent,
    CancelledUnsentByModerator,
    NoPlaceInTime,
    NotApproved,
    NotApprovedInTime,
)
from bot.domain.jobs.job import HoldKind, Job, JobState
from bot.domain.jobs.result_errors import ResultUnreadable
from bot.domain.provider_errors import (
    Busy,
    InputRefused,
    Moderated,
    OutcomeUnknown,
    ProviderError,
)
from bot.domain.wording.durations import in_words


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ends; `images` counts pictures used from the quota, the rest is given back.

    `billed` counts pictures the API charges for; `cost_usd` is their price without packages.
    """

    state: JobState
    images: int = 0
    billed: int = 0
    cost_usd: float = 0.0
    error_code: str | None = None
    error_text: str | None = None
    request_id: str | None = None
    cause: Cause | None = None

    @property
    def refunded(self) -> bool:
        """Whether the member got the whole reservation back."""
        return self.images == 0


def done(job: Job, made: int, *, posted: int | None = None) -> Ending:
    """Return the good end: money for the pictures made, quota for those `posted`, if not all.

    The others are kept, and the code lists them for whoever runs the bot.
    """
    cost = job.order.price_usd * made
    used = made if posted is None else posted
    return Ending(
        JobState.DONE,
        images=used,
        billed=made,
        cost_usd=cost,
        error_code=ResultUnreadable.__name__ if used < made else None,
        request_id=job.request_id,
    )


def failed(
    job: Job, error: EaselError, *, bill_refused: bool = True, made: int | None = None
) -> Ending:
    """Return the end that an error leads to, priced as the job was when it was accepted.

    `bill_refused`: the API bills pictures that its own review then refused. `made` counts the
    pictures where there are any; where nobody knows, they are as many as were asked for.
    """
    state, is_charged = _state_of(error, bill_refused=bill_refused)
    request_id = error.request_id if isinstance(error, ProviderError) else None
    count = job.order.options.count if made is None else made
    billed = count if is_charged else 0
    return Ending(
        state,
        billed=billed,
        cost_usd=job.order.price_usd * billed,
        error_code=error.code,
        error_text=str(error),
        request_id=request_id or None,
        cause=cause_of(error),
    )


def expired(waited_s: float) -> Ending:
    """Return the end of a job that nobody could start within `max_wait`."""
    text = str(NoPlaceInTime(waited=in_words(waited_s)))
    return Ending(JobState.EXPIRED, error_code="Expired", error_text=text, cause=Cause.EXPIRED)


def denied(why: str) -> Ending:
    """Return the end of a job that a moderator said no to; `why` is a part of a sentence."""
    text = str(NotApproved(why=why))
    return Ending(JobState.CANCELLED, error_code="Denied", error_text=text, cause=Cause.DENIED)


def late(job: Job, now: float) -> Ending:
    """Return the end of a job whose time to wait, for its turn or for a yes, is over."""
    if job.held_for is not HoldKind.APPROVAL:
        return expired(now - job.created_at)
    text = str(NotApprovedInTime())
    return Ending(JobState.EXPIRED, error_code="Expired", error_text=text, cause=Cause.EXPIRED)


def cancelled_unsent(*, by_asker: bool = True) -> Ending:
    """Return the end of a job that was cancelled before anything could be paid."""
    why = CancelledUnsent() if by_asker else CancelledUnsentByModerator()
    return Ending(
        JobState.CANCELLED, error_code="Cancelled", error_text=str(why), cause=Cause.CANCELLED
    )


def cancelled_by_block() -> Ending:
    """Return the end of a job that waited when its member was blocked."""
    text = str(CancelledByBlock())
    return Ending(
        JobState.CANCELLED, error_code="Cancelled", error_text=text, cause=Cause.CANCELLED
    )


def cancelled_by_departure() -> Ending:
    """Return the end of a job that waited when its server removed the bot."""
    text = str(CancelledByDeparture())
    return Ending(
        JobState.CANCELLED, error_code="Cancelled", error_text=text, cause=Cause.CANCELLED
    )


def cancelled_sent(job: Job, request_id: str | None, *, made: int | None = None) -> Ending:
    """Return the end of a job that was cancelled at work: what the API made is paid.

    `job` is as read after the cancel. `made` counts its pictures; where nobody knows how many
    there are, it is what was asked for.
    """
    count = job.order.options.count if made is None else made
    why = CancelledSentByModerator() if job.is_cancelled_by_moderator else CancelledSent()
    return Ending(
        JobState.CANCELLED,
        images=count,
        billed=count,
        cost_usd=job.order.price_usd * count,
        error_code="Cancelled",
        error_text=str(why),
        request_id=request_id,
        cause=Cause.CANCELLED,
    )


def _state_of(error: EaselError, *, bill_refused: bool) -> tuple[JobState, bool]:
    if isinstance(error, Moderated):
        return JobState.REFUSED, error.what == "result" and bill_refused
    if isinstance(error, OutcomeUnknown):
        return JobState.UNKNOWN, True
    return JobState.FAILED, False


def is_worth_repeating(error: EaselError) -> bool:
    """Tell whether sending the same request again may help and can pay nothing twice."""
    return isinstance(error, ProviderError) and not isinstance(
        error, Moderated | InputRefused | OutcomeUnknown | Busy
    )
