"""What members tell their moderators of: each thing once, whoever tells, and only so often."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.jobs.job import JobId

MOST_IN_WINDOW = 5  # reports of one member
WINDOW_S = 3600.0


class ReportKind(StrEnum):
    """What is told: a refusal that its asker thinks wrong, or a picture that troubles somebody."""

    REFUSAL = "refusal"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Report:
    """Who tells of which job; `picture` counts from 1, and is 0 where there is but one, or none."""

    job_id: JobId
    kind: ReportKind
    user_id: int
    picture: int = 0


@dataclass(frozen=True, slots=True)
class Untold:
    """A noted report that nobody was told of; `shown` is the channel and message it is about."""

    report: Report
    shown: tuple[int, int] | None
    noted_at: float


class Noted(StrEnum):
    """What noting a report came to: it is new, was made before, or is one too many for now."""

    NEW = "new"
    KNOWN = "known"
    TOO_MANY = "too many"
