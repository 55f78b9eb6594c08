"""Why a job ended without a picture, as its row keeps it: which sentence, and its values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bot.domain.errors import EaselError
from bot.domain.jobs.reasons.errors import (
    CancelledByBlock,
    CancelledByDeparture,
    CancelledSent,
    CancelledSentByModerator,
    CancelledUnsent,
    CancelledUnsentByModerator,
    NoPlaceInTime,
    NotApproved,
    NotApprovedBecause,
    NotApprovedInTime,
    ToldEarlier,
)
from bot.domain.jobs.reasons.result_errors import ResultLost, ResultUnreadable
from bot.domain.provider_errors import (
    Busy,
    EngineGone,
    InputRefused,
    Moderated,
    NotSent,
    OperatorFault,
    OutcomeUnknown,
    ProviderError,
    RequestBug,
    ServerFault,
)

# Rows keep these names, for as long as they are kept: one that is renamed stays here as it was.
_KINDS: Mapping[str, type[EaselError]] = MappingProxyType(
    {
        kind.__name__: kind
        for kind in (
            ProviderError,
            Moderated,
            InputRefused,
            Busy,
            NotSent,
            ServerFault,
            OperatorFault,
            EngineGone,
            RequestBug,
            OutcomeUnknown,
            ResultLost,
            ResultUnreadable,
            NoPlaceInTime,
            NotApprovedInTime,
            NotApproved,
            NotApprovedBecause,
            CancelledUnsent,
            CancelledUnsentByModerator,
            CancelledByBlock,
            CancelledByDeparture,
            CancelledSent,
            CancelledSentByModerator,
            ToldEarlier,
        )
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """`kind` names an error of the table, `facts` are the numbers and words in its sentence."""

    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def error(self) -> EaselError:
        """The error whose sentence says it; a kind that a later version added says no more."""
        kind = _KINDS.get(self.kind)
        return ProviderError() if kind is None else kind(**self.facts)


def reason_of(error: EaselError) -> Reason:
    """Return what is kept of an error; of one that only a provider knows, what it is a kind of."""
    named = (kind.__name__ for kind in type(error).__mro__ if _KINDS.get(kind.__name__) is kind)
    return Reason(next(named, ProviderError.__name__), dict(error.facts))
