"""What operators and moderators see of the queue and do to it, and what is cleared away in time."""

from dataclasses import dataclass

from bot.domain.jobs.errors import QueueDrained, QueueDrainedBecause
from bot.domain.jobs.job import JobId

LOST_SHOWN_S = 7 * 86400.0  # an unknown, failed or refused job is listed for so long


@dataclass(frozen=True, slots=True)
class Pause:
    """Why no jobs are started, since unix seconds; the reason may be empty."""

    reason: str
    since: float


@dataclass(frozen=True, slots=True)
class GuildPause:
    """Why nothing of a server starts, since unix seconds; the reason may be empty.

    While it `is_drain`, no new request of the server is accepted either.
    """

    reason: str
    since: float
    is_drain: bool = False


def check_open(pause: GuildPause | None) -> None:
    """Raise QueueDrained where a server takes no new request."""
    if pause is None or not pause.is_drain:
        return
    if pause.reason:
        raise QueueDrainedBecause(reason=pause.reason)
    raise QueueDrained


@dataclass(frozen=True, slots=True)
class PoolUse:
    """How many slots of a pool are taken, and how many of these by calls of a dead process."""

    busy: int
    lost: int


@dataclass(frozen=True, slots=True)
class LostJob:
    """A job that failed, was refused or ended as unknown; support asks for the request id."""

    job_id: JobId
    guild_id: int | None
    user_id: int
    engine: str
    error_code: str | None
    request_id: str | None
    finished_at: float


@dataclass(frozen=True, slots=True)
class Overview:
    """The queue at one moment; pools that nothing runs in are missing, times are unix seconds.

    What is `held` back is not counted as waiting. `guild_pause` is that of the server looked at.
    """

    pools: dict[str, PoolUse]
    waiting: int
    oldest_at: float | None
    pause: Pause | None
    unknown: tuple[LostJob, ...]
    failed: tuple[LostJob, ...] = ()
    refused: tuple[LostJob, ...] = ()
    held: int = 0
    guild_pause: GuildPause | None = None
    unreadable: tuple[LostJob, ...] = ()  # as long as their pictures are kept
