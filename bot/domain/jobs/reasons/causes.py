"""Why a job ended without a picture, and what its member can do about it: one pure table."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.domain.errors import EaselError
from bot.domain.jobs.reasons.errors import Cancelled, Expired, NotApproved
from bot.domain.jobs.reasons.result_errors import ResultLost, ResultUnreadable
from bot.domain.provider_errors import (
    EngineGone,
    InputRefused,
    Moderated,
    OperatorFault,
    OutcomeUnknown,
    RequestBug,
)


class Cause(StrEnum):
    """Why a job ended without a picture; the values are kept with it."""

    PROMPT_REFUSED = "prompt refused"
    PICTURE_REFUSED = "picture refused"
    EITHER_REFUSED = "either refused"
    RESULT_REFUSED = "result refused"
    RESULT_OR_PICTURE_REFUSED = "result or picture"
    INPUT_UNUSABLE = "input unusable"
    SERVICE_FAILED = "service failed"
    ACCOUNT_FAULT = "account fault"
    ENGINE_GONE = "engine gone"
    OUR_FAULT = "our fault"
    OUTCOME_UNKNOWN = "outcome unknown"
    RESULT_LOST = "result lost"
    RESULT_UNREADABLE = "result unreadable"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DENIED = "denied"


class Remedy(StrEnum):
    """What a button under an ended job offers."""

    TRY_AGAIN = "try again"
    OTHER_WORDS = "other words"
    OTHER_PICTURE = "other picture"
    OTHER_ENGINE = "other engine"
    ASK_MODERATOR = "ask a moderator"


_RETRY, _WORDS, _PICTURE = Remedy.TRY_AGAIN, Remedy.OTHER_WORDS, Remedy.OTHER_PICTURE
_ENGINE, _ASK = Remedy.OTHER_ENGINE, Remedy.ASK_MODERATOR

# Never the same again where it would end the same way.
_REMEDIES: Mapping[Cause, tuple[Remedy, ...]] = MappingProxyType(
    {
        Cause.PROMPT_REFUSED: (_WORDS, _ASK),
        Cause.PICTURE_REFUSED: (_PICTURE, _ASK),
        Cause.EITHER_REFUSED: (_WORDS, _PICTURE, _ASK),
        Cause.RESULT_REFUSED: (_WORDS, _ASK),
        Cause.RESULT_OR_PICTURE_REFUSED: (_WORDS, _PICTURE, _ASK),
        Cause.INPUT_UNUSABLE: (_WORDS, _PICTURE, _ENGINE),
        Cause.SERVICE_FAILED: (_RETRY, _ENGINE),
        Cause.ACCOUNT_FAULT: (_ENGINE,),
        Cause.ENGINE_GONE: (_ENGINE,),
        Cause.OUR_FAULT: (_ENGINE,),
        Cause.OUTCOME_UNKNOWN: (_RETRY, _ENGINE),
        Cause.RESULT_LOST: (_RETRY, _ENGINE),
        Cause.RESULT_UNREADABLE: (_ENGINE,),
        Cause.EXPIRED: (_RETRY, _ENGINE),
        Cause.CANCELLED: (_RETRY,),
        Cause.DENIED: (_WORDS, _PICTURE),
    }
)
_OF_KIND: tuple[tuple[type[EaselError], Cause], ...] = (
    (InputRefused, Cause.INPUT_UNUSABLE),
    (OperatorFault, Cause.ACCOUNT_FAULT),
    (EngineGone, Cause.ENGINE_GONE),
    (RequestBug, Cause.OUR_FAULT),
    (ResultUnreadable, Cause.RESULT_UNREADABLE),
    (ResultLost, Cause.RESULT_LOST),
    (OutcomeUnknown, Cause.OUTCOME_UNKNOWN),
    (Expired, Cause.EXPIRED),
    (NotApproved, Cause.DENIED),
    (Cancelled, Cause.CANCELLED),
)
_OF_REVIEW = {
    ("prompt", False): Cause.PROMPT_REFUSED,
    ("prompt", True): Cause.EITHER_REFUSED,
    ("picture", False): Cause.PICTURE_REFUSED,
    ("picture", True): Cause.PICTURE_REFUSED,
    ("result", False): Cause.RESULT_REFUSED,
    ("result", True): Cause.RESULT_OR_PICTURE_REFUSED,
}


def cause_of(error: EaselError) -> Cause:
    """Return why a job ends that an error ends."""
    if isinstance(error, Moderated):
        return _OF_REVIEW[error.what, error.or_upload]
    kinds = (cause for kind, cause in _OF_KIND if isinstance(error, kind))
    return next(kinds, Cause.SERVICE_FAILED)


def remedies_for(cause: Cause, *, has_words: bool, has_picture: bool) -> tuple[Remedy, ...]:
    """Return what may help, best first; a job without words or picture has none to change."""
    missing = {Remedy.OTHER_WORDS: not has_words, Remedy.OTHER_PICTURE: not has_picture}
    return tuple(each for each in _REMEDIES[cause] if not missing.get(each))
