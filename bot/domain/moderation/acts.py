"""What a moderator did, as it is written down for good."""

from dataclasses import dataclass
from enum import StrEnum


class ActKind(StrEnum):
    """What was done; the names are kept, so none is ever renamed."""

    SETTING = "setting"
    QUOTA_SET = "quota set"
    QUOTA_CLEARED = "quota cleared"
    QUOTA_GRANTED = "quota granted"
    PRESET_SET = "preset set"
    PRESET_REMOVED = "preset removed"
    JOB_FIRST = "job first"
    JOB_HELD = "job held"
    JOB_RELEASED = "job released"
    JOB_CANCELLED = "job cancelled"
    QUEUE_PAUSED = "queue paused"
    QUEUE_RESUMED = "queue resumed"
    QUEUE_DRAINED = "queue drained"
    RESULT_DELETED = "result deleted"
    APPROVED = "approved"
    DENIED = "denied"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    WORDS_ADDED = "words added"
    WORDS_REMOVED = "words removed"


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what in which server, and when, in unix seconds.

    `member` is whom it concerned, `target` what else: a job's id, a setting's name, a role's id.
    `before` and `after` are what was and is set; no text of an act may name a person.
    """

    guild_id: int
    by: int
    kind: ActKind
    at: float
    member: int | None = None
    target: str | None = None
    before: str | None = None
    after: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenAct:
    """An act as it is read: `by` and `member` are None where that person's link was erased."""

    guild_id: int
    by: int | None
    kind: ActKind
    at: float
    member: int | None = None
    is_about_member: bool = False
    target: str | None = None
    before: str | None = None
    after: str | None = None
    reason: str | None = None
