"""A job: what was asked, where the result goes, its states, and the names of its pictures."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from bot.domain.discord_limits import EPOCH_MS, TIMELESS_BITS
from bot.domain.jobs.fairness import Lane
from bot.domain.jobs.reasons.causes import Cause
from bot.domain.jobs.reasons.reason import Reason
from bot.domain.jobs.reasons.result_errors import ResultUnreadable

JobId = NewType("JobId", str)

OPERATORS_OWN = 1  # channel and member of what the operator asks for; no snowflake is so small

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOKEN_MARGIN_S = 30.0  # an upload may take this long; after the token's end it is a 401
_ID_LENGTH = 13  # 36**13 > 2**64, so every snowflake fits and ids sort by time


class JobState(StrEnum):
    """Where a job stands; the ends are final (contract, "How a job may end")."""

    QUEUED = "queued"
    RUNNING = "running"
    DELIVERING = "delivering"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class HoldKind(StrEnum):
    """For whom a waiting job is held back: until a moderator releases it, or says yes to it."""

    MODERATOR = "moderator"
    APPROVAL = "approval"


class Cancel(StrEnum):
    """What a cancel came to; PAID: only with `if_sent`, because its request has left."""

    ENDED = "ended"
    MARKED = "marked"
    PAID = "paid"
    TOO_LATE = "too late"


def job_id_of(interaction_id: int) -> JobId:
    """Return the id of the job that an interaction asks for: the snowflake in base 36, 13 digits.

    One interaction is one job, however often the gateway hands it over.
    """
    digits = []
    for _ in range(_ID_LENGTH):
        interaction_id, digit = divmod(interaction_id, 36)
        digits.append(_DIGITS[digit])
    return JobId("".join(reversed(digits)))


def lowest_job_id_at(seconds: float) -> JobId:
    """Return an id that every job asked for from then on is above; `seconds` are unix seconds."""
    milliseconds = max(int(seconds * 1000) - EPOCH_MS, 0)
    return job_id_of(milliseconds << TIMELESS_BITS)


@dataclass(frozen=True, slots=True)
class Options:
    """What the member asked of the engine; None means "as the engine does by default".

    `improve`: the API may reword the prompt. `style_image`: the last of the pictures is not worked
    on, it shows the style. `extend` is the side to continue a picture at, or "around".
    """

    prompt: str = ""
    negative: str | None = None
    style: str | None = None
    strength: float | None = None
    ratio: str | None = None
    size: str | None = None
    seed: int | None = None
    count: int = 1
    enhance: bool | None = None
    faces: int | None = None
    subject: str | None = None
    filter: bool | None = None
    improve: bool | None = None
    background: str | None = None
    style_image: bool = False
    extend: str | None = None
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the result goes; stored with the job, because a worker has no gateway.

    `filesize_limit` is in bytes, `token_expires_at` in unix seconds.
    """

    guild_id: int | None
    channel_id: int
    user_id: int
    application_id: int
    message_id: int | None
    token: str = field(repr=False)
    token_expires_at: float
    filesize_limit: int
    locale: str = "en-US"
    spoiler: bool = False
    private: bool = False

    @property
    def lane(self) -> Lane:
        """Whose turn this takes where many wait."""
        return Lane(self.guild_id or self.channel_id, self.user_id)

    @property
    def is_nowhere(self) -> bool:
        """Whether nobody waits for the result in Discord: it is the operator's, and only kept."""
        return self.channel_id == OPERATORS_OWN

    def is_token_good(self, now: float) -> bool:
        """Tell whether an upload begun now would end before the interaction token does."""
        return bool(self.token) and now <= self.token_expires_at - _TOKEN_MARGIN_S


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a request works on: `parent` is the job whose kept picture it is.

    `is_modified` as of that job; None where the request's own uploads decide.
    """

    parent: JobId | None = None
    is_modified: bool | None = None


OWN_UPLOADS = Lineage()
"""Of a request with pictures of its member's own, or with none."""


@dataclass(frozen=True, slots=True)
class Order:
    """A request that passed every check and may become a job; `inputs` are blob keys.

    `is_resumable`: its provider can take up a sent job again without paying again. `assumed_usd` is
    what a picture counts against budgets in place of an unknown price: the ledger keeps it, not the
    job. `parent` is the job whose kept picture this one works on. `is_modified`: a picture of a
    person's own went into it, here or in what it works on. `claim` names a wish that its member
    may have at work once, whatever is pressed twice; None where two of the same are two wishes.
    """

    id: JobId
    command: str
    engine: str
    pool: str
    options: Options
    destination: Destination
    inputs: tuple[str, ...] = ()
    price_usd: float = 0.0
    assumed_usd: float = 0.0
    priority: int = 0
    is_resumable: bool = False
    parent: JobId | None = None
    is_modified: bool = False
    claim: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the queue as it was read; times are unix seconds.

    `outputs` are blob keys of raw pictures; `results` are addresses of those not fetched yet.
    `cancel_at` is set where a cancel came while it was at work, `cancelled_by` by every cancel.
    `reason` is what is said of an end without a picture, `cause` what helps: None in older rows.
    `held_at` is since when a waiting one is held back, `held_for` what for.
    `posted_…` name the result's message where it had to be a new one.
    """

    order: Order
    state: JobState
    created_at: float
    attempt: int = 0
    faults: int = 0
    started_at: float | None = None
    finished_at: float | None = None
    sent_at: float | None = None
    drawn_at: float | None = None
    deadline_at: float | None = None
    remote_task: str | None = None
    request_id: str | None = None
    worker: str | None = None
    outputs: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    error_code: str | None = None
    reason: Reason | None = None
    cause: Cause | None = None
    deliveries: int = 0
    cancel_at: float | None = None
    cancelled_by: int | None = None
    posted_channel_id: int | None = None
    posted_message_id: int | None = None
    deleted_at: float | None = None
    held_at: float | None = None
    held_for: HoldKind | None = None

    @property
    def id(self) -> JobId:
        """That of its order, and so of the interaction that asked for it."""
        return self.order.id

    @property
    def lease(self) -> "Lease":
        """The lease that it was claimed under; raises ValueError for one that nobody holds."""
        if self.worker is None:
            message = f"job {self.id} is not claimed"
            raise ValueError(message)
        return Lease(self.id, self.worker, self.attempt)

    @property
    def is_kept_unread(self) -> bool:
        """Whether its pictures are kept because they could not be read, and so not be labelled."""
        return self.state is JobState.UNKNOWN and self.error_code == ResultUnreadable.__name__

    @property
    def is_cancelled_by_moderator(self) -> bool:
        """Whether somebody else than the asker cancelled it."""
        return self.cancelled_by not in (None, self.order.destination.user_id)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write on a job: lost as soon as another worker or attempt holds it."""

    job_id: JobId
    worker: str
    attempt: int


def accepted_job(order: Order, now: float, *, needs_approval: bool) -> Job:
    """Return a job as it was accepted a moment ago: queued, or waiting for a moderator's yes."""
    if not needs_approval:
        return Job(order, JobState.QUEUED, created_at=now)
    return Job(order, JobState.QUEUED, now, held_at=now, held_for=HoldKind.APPROVAL)


def input_key(job_id: JobId, number: int) -> str:
    """Return the key of one of a job's fitted uploads; `number` counts from 0."""
    return f"{job_id}/in/{number}"


def raw_keys(job_id: JobId, count: int) -> list[str]:
    """Return the keys of a job's raw pictures."""
    return [f"{job_id}/raw/{number}" for number in range(count)]
