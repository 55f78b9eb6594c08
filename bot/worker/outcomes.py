"""What becomes of a job when its runner is done with it."""

from dataclasses import dataclass

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import Job


@dataclass(frozen=True, slots=True)
class ToDeliver:
    """Its pictures are made and recorded; `job` is as it is to be delivered."""

    job: Job


@dataclass(frozen=True, slots=True)
class Requeued:
    """It went back to its place; its pool should rest for `pause_s` (0 = only this job waits)."""

    pause_s: float


@dataclass(frozen=True, slots=True)
class Ended:
    """It ended without a picture, of which its member is still to be told."""

    ending: Ending


@dataclass(frozen=True, slots=True)
class LeaseGone:
    """It is another worker's, or over: nothing of this attempt counts."""


Outcome = ToDeliver | Requeued | Ended | LeaseGone
