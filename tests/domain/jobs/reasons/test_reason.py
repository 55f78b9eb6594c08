"""An end is kept as a name and values, and worded only when it is shown."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from bot.domain.errors import EaselError
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
    ToldEarlier,
    not_approved,
)
from bot.domain.jobs.reasons.reason import Reason, reason_of
from bot.domain.jobs.reasons.result_errors import ResultLost, ResultUnreadable
from bot.domain.provider_errors import (
    Busy,
    EngineGone,
    InputRefused,
    Moderated,
    NotSent,
    OperatorFault,
    OutcomeUnknown,
    OutOfSight,
    ProviderError,
    RequestBug,
    ServerFault,
)
from bot.providers.tencent.reply import TurnedAway
from bot.worker.retries import Interrupted

# What rows hold is never another: it is read for as long as they are kept.
KEPT: list[tuple[EaselError, str, dict[str, Any]]] = [
    (ProviderError("X"), "ProviderError", {}),
    (Moderated("X", what="prompt"), "Moderated", {"what": "prompt", "or_upload": False}),
    (
        Moderated("X", what="result", or_upload=True),
        "Moderated",
        {"what": "result", "or_upload": True},
    ),
    (InputRefused("X", detail="Too dark."), "InputRefused", {}),
    (Busy("X", retry_after_s=7.0), "Busy", {}),
    (NotSent("X"), "NotSent", {}),
    (ServerFault("X"), "ServerFault", {}),
    (OutOfSight("X"), "ServerFault", {}),
    (Interrupted("X"), "ServerFault", {}),
    (OperatorFault("X", reach="account", remedy="Pay."), "OperatorFault", {}),
    (TurnedAway("X"), "OperatorFault", {}),
    (EngineGone("X"), "EngineGone", {}),
    (RequestBug("X"), "RequestBug", {}),
    (OutcomeUnknown("X"), "OutcomeUnknown", {}),
    (ResultLost(), "ResultLost", {}),
    (ResultUnreadable(), "ResultUnreadable", {}),
    (NoPlaceInTime(waited_s=21600.5), "NoPlaceInTime", {"waited_s": 21600.5}),
    (NotApprovedInTime(), "NotApprovedInTime", {}),
    *[
        (not_approved(Denial(reason)), "NotApproved", {"reason": reason.value})
        for reason in DenyReason
    ],
    (
        not_approved(Denial(DenyReason.RULES, "No *faces*.")),
        "NotApprovedBecause",
        {"reason": "rules", "text": "No *faces*."},
    ),
    (CancelledUnsent(), "CancelledUnsent", {}),
    (CancelledUnsentByModerator(), "CancelledUnsentByModerator", {}),
    (CancelledByBlock(), "CancelledByBlock", {}),
    (CancelledByDeparture(), "CancelledByDeparture", {}),
    (CancelledSent(), "CancelledSent", {}),
    (CancelledSentByModerator(), "CancelledSentByModerator", {}),
    (ToldEarlier(text="It was lost."), "ToldEarlier", {"text": "It was lost."}),
]


@pytest.mark.parametrize(("error", "kind", "facts"), KEPT)
def test_an_error_is_kept_by_name_and_values_and_says_the_same_when_it_is_read(
    error: EaselError, kind: str, facts: dict[str, Any]
) -> None:
    row = json.loads(json.dumps(asdict(reason_of(error))))
    assert row == {"kind": kind, "facts": facts}
    read = Reason(**row)
    assert read == reason_of(error)
    assert str(read.error) == str(error)
    assert read.error.in_chat() == error.in_chat()


def test_every_outcome_of_a_request_is_kept_as_one_that_says_the_same() -> None:
    kinds = {type(error) for error, *_ in KEPT}
    ours = {kind for kind in _below(ProviderError) if kind.__module__.startswith("bot.")}
    missing = {kind.__name__ for kind in ours - kinds}
    assert missing == {"AccountFault"}, "which is only ever one of its two kinds"


def test_a_kind_that_a_later_version_added_is_an_end_without_details() -> None:
    later = Reason("EngineAsleep", {"until": 1_800_000_000})
    assert str(later.error) == "The picture could not be made."


def test_a_moderators_words_are_quoted_behind_the_reason_that_was_chosen() -> None:
    error = reason_of(not_approved(Denial(DenyReason.PERSON, "*Not* him"))).error
    assert error.in_chat() == (
        "A moderator did not approve it: it is about a real person. Nothing was used from your "
        r"quota, and nothing was sent to the service. They say: \*Not\* him"
    )


def _below(kind: type[ProviderError]) -> set[type[ProviderError]]:
    return {kind, *(each for child in kind.__subclasses__() for each in _below(child))}
