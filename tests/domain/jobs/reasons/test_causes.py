"""What helps after each end: never the same again where it would end the same way."""

import pytest

from bot.domain.errors import EaselError
from bot.domain.jobs.reasons.causes import Cause, Remedy, cause_of, remedies_for
from bot.domain.jobs.reasons.denial import Denial, DenyReason
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
from bot.domain.jobs.reasons.result_errors import ResultLost, ResultUnreadable
from bot.domain.provider_errors import (
    EngineGone,
    InputRefused,
    Moderated,
    OperatorFault,
    OutcomeUnknown,
    OutOfSight,
    RequestBug,
    ServerFault,
)

SAME_AGAIN = {
    Cause.SERVICE_FAILED,
    Cause.OUTCOME_UNKNOWN,
    Cause.RESULT_LOST,
    Cause.EXPIRED,
    Cause.CANCELLED,
}
ENGINE_AT_FAULT = {
    Cause.INPUT_UNUSABLE,
    Cause.SERVICE_FAILED,
    Cause.ACCOUNT_FAULT,
    Cause.ENGINE_GONE,
    Cause.OUR_FAULT,
    Cause.OUTCOME_UNKNOWN,
    Cause.RESULT_LOST,
    Cause.RESULT_UNREADABLE,
    Cause.EXPIRED,
}
WORDS_AT_FAULT = {
    Cause.PROMPT_REFUSED,
    Cause.EITHER_REFUSED,
    Cause.RESULT_REFUSED,
    Cause.RESULT_OR_PICTURE_REFUSED,
    Cause.INPUT_UNUSABLE,
    Cause.DENIED,
}
PICTURE_AT_FAULT = {
    Cause.PICTURE_REFUSED,
    Cause.EITHER_REFUSED,
    Cause.RESULT_OR_PICTURE_REFUSED,
    Cause.INPUT_UNUSABLE,
    Cause.DENIED,
}
REVIEWED = {
    Cause.PROMPT_REFUSED,
    Cause.PICTURE_REFUSED,
    Cause.EITHER_REFUSED,
    Cause.RESULT_REFUSED,
    Cause.RESULT_OR_PICTURE_REFUSED,
}


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (Moderated(what="prompt"), Cause.PROMPT_REFUSED),
        (Moderated(what="prompt", or_upload=True), Cause.EITHER_REFUSED),
        (Moderated(what="picture"), Cause.PICTURE_REFUSED),
        (Moderated(what="picture", or_upload=True), Cause.PICTURE_REFUSED),
        (Moderated(what="result"), Cause.RESULT_REFUSED),
        (Moderated(what="result", or_upload=True), Cause.RESULT_OR_PICTURE_REFUSED),
        (InputRefused(), Cause.INPUT_UNUSABLE),
        (ServerFault(), Cause.SERVICE_FAILED),
        (OutOfSight(), Cause.SERVICE_FAILED),
        (OperatorFault(), Cause.ACCOUNT_FAULT),
        (EngineGone(), Cause.ENGINE_GONE),
        (RequestBug(), Cause.OUR_FAULT),
        (OutcomeUnknown(), Cause.OUTCOME_UNKNOWN),
        (ResultLost(), Cause.RESULT_LOST),
        (ResultUnreadable(), Cause.RESULT_UNREADABLE),
        (NoPlaceInTime(waited_s=60), Cause.EXPIRED),
        (NotApprovedInTime(), Cause.EXPIRED),
        (not_approved(Denial(DenyReason.RULES)), Cause.DENIED),
        (not_approved(Denial(DenyReason.RULES, "No faces.")), Cause.DENIED),
        (CancelledUnsent(), Cause.CANCELLED),
        (CancelledUnsentByModerator(), Cause.CANCELLED),
        (CancelledByBlock(), Cause.CANCELLED),
        (CancelledByDeparture(), Cause.CANCELLED),
        (CancelledSent(), Cause.CANCELLED),
        (CancelledSentByModerator(), Cause.CANCELLED),
    ],
)
def test_each_error_has_its_cause(error: EaselError, cause: Cause) -> None:
    assert cause_of(error) is cause
    assert len(cause) <= 24, "as long as its column"


@pytest.mark.parametrize("cause", Cause)
def test_every_end_has_a_way_on_and_the_same_again_only_where_it_may_help(cause: Cause) -> None:
    remedies = remedies_for(cause, has_words=True, has_picture=True)
    assert set(remedies) - {Remedy.ASK_MODERATOR}
    assert (Remedy.TRY_AGAIN in remedies) is (cause in SAME_AGAIN)
    assert (Remedy.ASK_MODERATOR in remedies) is (cause in REVIEWED)
    assert (Remedy.OTHER_ENGINE in remedies) is (cause in ENGINE_AT_FAULT)
    assert (Remedy.OTHER_WORDS in remedies) is (cause in WORDS_AT_FAULT)
    assert (Remedy.OTHER_PICTURE in remedies) is (cause in PICTURE_AT_FAULT)


@pytest.mark.parametrize("cause", Cause)
def test_nothing_is_offered_that_the_job_does_not_have(cause: Cause) -> None:
    remedies = remedies_for(cause, has_words=False, has_picture=False)
    assert not {Remedy.OTHER_WORDS, Remedy.OTHER_PICTURE} & set(remedies)
