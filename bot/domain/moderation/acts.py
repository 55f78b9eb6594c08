"""What a moderator did, as it is written down for good."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.wording.quoting import shortened

_PERSON = re.compile(r"<@!?\d+>")
_NOBODY = "@…"
TEXT_CHARS = 500  # of each text; nothing shortens the record, so no act may make it grow by much
NO_END = "∞"  # what is set by a block without an end


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

    `member` is whom it concerned, `target` what else: a job's id, a setting's name, `role:ID`; of a
    quota whose it is and its period (`member:day`, `role:ID:week`, `everyone:month`).
    `before` and `after` are what was and is set, without words around it; channels and roles in
    them stand as mentions, the end of a block as a date or `NO_END`, one of a few values as its
    code (`uploads`, `de`). Of more words than a text holds `target` is how many they were. No text
    of an act may name a person or be longer than `TEXT_CHARS`: see `to_keep`.
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

    def to_keep(self) -> "Act":
        """Return the act with no person mentioned in its texts, and each of them at most so long.

        Nothing erases or shortens them later.
        """
        return replace(
            self,
            target=_kept(self.target),
            before=_kept(self.before),
            after=_kept(self.after),
            reason=_kept(self.reason),
        )


def _kept(text: str | None) -> str | None:
    return None if text is None else shortened(_PERSON.sub(_NOBODY, text), TEXT_CHARS)


@dataclass(frozen=True, slots=True)
class WrittenAct:
    """An act as it is read: `by` and `member` are None where that person's link was erased.

    `number` counts up with each act that is written, over all servers.
    """

    number: int
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
