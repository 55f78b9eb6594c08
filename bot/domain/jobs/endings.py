"""The table of ends: what each end means for the member's quota and for the ledger."""

from dataclasses import dataclass, replace

from bot.domain.errors import EaselError
from bot.domain.jobs.job import HoldKind, Job, JobState
from bot.domain.jobs.reasons.causes import Cause, cause_of
from bot.domain.jobs.reasons.denial import Denial
from bot.domain.jobs.reasons.errors import (
    CancelledByBlock,
    CancelledByDeparture,
    CancelledSent,
    CancelledSentByModerator,
    CancelledUnsent,
    CancelledUnsentByModerator,
    NoPlaceInTime,
    NotApprovedInTime,
    not_approved,
)
from bot.domain.jobs.reasons.reason import Reason, reason_of
from bot.domain.jobs.reasons.result_errors import ResultUnreadable
from bot.domain.provider_errors import (
    Busy,
    InputRefused,
    Moderated,
    OutcomeUnknown,
    ProviderError,
)


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
    request_id: str | None = None
    reason: Reason | None = None
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
    unpaid = _ended(state, error)
    cost_usd = job.order.price_usd * billed
    return replace(unpaid, billed=billed, cost_usd=cost_usd, request_id=request_id or None)


def expired(waited_s: float) -> Ending:
    """Return the end of a job that nobody could start within `max_wait`."""
    return _ended(JobState.EXPIRED, NoPlaceInTime(waited_s=waited_s))


def denied(denial: Denial) -> Ending:
    """Return the end of a job that a moderator said no to."""
    return _ended(JobState.CANCELLED, not_approved(denial))


def late(job: Job, now: float) -> Ending:
    """Return the end of a job whose time to wait, for its turn or for a yes, is over."""
    if job.held_for is HoldKind.APPROVAL:
        return _ended(JobState.EXPIRED, NotApprovedInTime())
    return expired(now - job.created_at)


def cancelled_unsent(*, by_asker: bool = True) -> Ending:
    """Return the end of a job that was cancelled before anything could be paid."""
    why = CancelledUnsent() if by_asker else CancelledUnsentByModerator()
    return _ended(JobState.CANCELLED, why)


def cancelled_by_block() -> Ending:
    """Return the end of a job that waited when its member was blocked."""
    return _ended(JobState.CANCELLED, CancelledByBlock())


def cancelled_by_departure() -> Ending:
    """Return the end of a job that waited when its server removed the bot."""
    return _ended(JobState.CANCELLED, CancelledByDeparture())


def cancelled_sent(job: Job, request_id: str | None, *, made: int | None = None) -> Ending:
    """Return the end of a job that was cancelled at work: what the API made is paid.

    `job` is as read after the cancel. `made` counts its pictures; where nobody knows how many
    there are, it is what was asked for.
    """
    count = job.order.options.count if made is None else made
    why = CancelledSentByModerator() if job.is_cancelled_by_moderator else CancelledSent()
    unpaid = _ended(JobState.CANCELLED, why)
    cost_usd = job.order.price_usd * count
    return replace(unpaid, images=count, billed=count, cost_usd=cost_usd, request_id=request_id)


def _ended(state: JobState, error: EaselError) -> Ending:
    """Return an end without a picture that costs nobody anything."""
    return Ending(state, error_code=error.code, reason=reason_of(error), cause=cause_of(error))


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
