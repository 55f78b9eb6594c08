"""What a moderator says no to a newcomer's request with."""

from dataclasses import dataclass
from enum import StrEnum


class DenyReason(StrEnum):
    """Why a moderator says no; the values are the form's, and kept with the job."""

    RULES = "rules"
    UNSUITED = "unsuited"
    PERSON = "person"
    PICTURE = "picture"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Denial:
    """A moderator's no: the reason chosen, and their own words, which may be empty."""

    reason: DenyReason
    text: str = ""
