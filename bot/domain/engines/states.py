"""Engines that the operator's account cannot use for now: why, until when, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.provider_errors import EngineGone, OperatorFault, RequestBug

FIRST_PAUSE_S = 600.0
LONGEST_PAUSE_S = 6 * 3600.0
GONE_S = 86400.0  # then it is tried again: an API may come back, or the account may get it
REMEMBERED_S = 86400.0  # a fault that comes back this soon after its pause is the same one still
BUGS_IN_A_ROW = 3  # requests that an engine's API calls wrong, with no picture between them

Telling = OperatorFault | EngineGone | RequestBug
"""What says something about an engine, and not about the job that met it."""


class Kind(StrEnum):
    """Paused: the account is at fault, and may be mended. Gone: the API is not there any more."""

    PAUSED = "paused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class EngineState:
    """Why an engine is not used; times are unix seconds. The operator was told at `told_at`.

    `address` is the endpoint and region that it was met at, empty for wherever the engine is.
    """

    engine: str
    kind: Kind
    code: str
    request_id: str
    since: float
    until: float
    told_at: float | None = None
    address: str = ""

    def error(self) -> OperatorFault | EngineGone:
        """Return what a job of this engine ends with, without a call."""
        kind = EngineGone if self.kind is Kind.GONE else OperatorFault
        return kind(self.code, detail="not sent: the engine is suspended")

    def is_of(self, error: OperatorFault | EngineGone) -> bool:
        """Tell whether an error is the one that suspended the engine."""
        return (self.kind, self.code) == (kind_of(error), error.code)


@dataclass(frozen=True, slots=True)
class Fault:
    """What an API answered that suspends the engines, all for the same cause.

    `addresses` are the engines' own, where they are known.
    """

    engines: tuple[str, ...]
    kind: Kind
    code: str
    request_id: str
    addresses: Mapping[str, str] = field(default_factory=dict)


def kind_of(error: Telling) -> Kind:
    """Return what an error makes of an engine."""
    return Kind.GONE if isinstance(error, EngineGone) else Kind.PAUSED


def suspended(earlier: EngineState | None, fault: Fault, engine: str, now: float) -> EngineState:
    """Return an engine's state after a fault.

    A pause lasts 10 min, and twice as long each time that the same fault ends the try after it,
    up to 6 h. A fault that arrives within a pause was on its way before it. What was met at another
    address says nothing about this one.
    """
    address = fault.addresses.get(engine, "")
    is_same = earlier is not None and _is_same(earlier, fault, address)
    if earlier is None or not is_same or now > earlier.until + REMEMBERED_S:
        span_s = GONE_S if fault.kind is Kind.GONE else FIRST_PAUSE_S
        told_at = None
    elif now < earlier.until:
        return earlier
    else:
        span_s, told_at = _longer_s(earlier), earlier.told_at
    return EngineState(
        engine, fault.kind, fault.code, fault.request_id, now, now + span_s, told_at, address
    )


def prolonged(state: EngineState, now: float) -> EngineState:
    """Return the state after a free call met the same fault about when the pause ends."""
    since = max(now, state.until)
    return replace(state, since=since, until=since + _longer_s(state))


def _is_same(earlier: EngineState, fault: Fault, address: str) -> bool:
    is_here = "" in (earlier.address, address) or earlier.address == address
    return is_here and (earlier.kind, earlier.code) == (fault.kind, fault.code)


def _longer_s(earlier: EngineState) -> float:
    longest = GONE_S if earlier.kind is Kind.GONE else LONGEST_PAUSE_S
    return min(2 * (earlier.until - earlier.since), longest)
