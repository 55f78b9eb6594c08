"""Engines that the operator's account cannot use for now: why, until when, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.engines import Engine
from bot.domain.errors import EngineGone, OperatorFault

FIRST_PAUSE_S = 600.0
LONGEST_PAUSE_S = 6 * 3600.0
GONE_S = 86400.0  # then it is tried again: an API may come back, or the account may get it
REMEMBERED_S = 86400.0  # a fault that comes back this soon after its pause is the same one still


class Kind(StrEnum):
    """Paused: the account is at fault, and may be mended. Gone: the API is not there any more."""

    PAUSED = "paused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class EngineState:
    """Why an engine is not used; times are unix seconds. The operator was told at `told_at`."""

    engine: str
    kind: Kind
    code: str
    request_id: str
    since: float
    until: float
    told_at: float | None = None

    def error(self) -> OperatorFault | EngineGone:
        """Return what a job of this engine ends with, without a call."""
        kind = EngineGone if self.kind is Kind.GONE else OperatorFault
        return kind(self.code, detail="not sent: the engine is suspended")


@dataclass(frozen=True, slots=True)
class Fault:
    """What an API answered that suspends the engines, all for the same cause."""

    engines: tuple[str, ...]
    kind: Kind
    code: str
    request_id: str


def suspended(earlier: EngineState | None, fault: Fault, engine: str, now: float) -> EngineState:
    """Return an engine's state after a fault.

    A pause lasts 10 min, and twice as long each time that the same fault ends the try after it,
    up to 6 h. A fault that arrives within a pause was on its way before it.
    """
    is_same = earlier is not None and (earlier.kind, earlier.code) == (fault.kind, fault.code)
    if earlier is None or not is_same or now > earlier.until + REMEMBERED_S:
        span_s = GONE_S if fault.kind is Kind.GONE else FIRST_PAUSE_S
        told_at = None
    elif now < earlier.until:
        return earlier
    else:
        longest = GONE_S if fault.kind is Kind.GONE else LONGEST_PAUSE_S
        span_s = min(2 * (earlier.until - earlier.since), longest)
        told_at = earlier.told_at
    return EngineState(engine, fault.kind, fault.code, fault.request_id, now, now + span_s, told_at)


class EngineStateStore(Protocol):
    """The states, the same for every process."""

    async def all(self) -> list[EngineState]:
        """Return every state, also those whose pause is over and that nothing lifted yet."""

    async def suspend(self, fault: Fault, now: float) -> bool:
        """Suspend engines; True: the operator is to be told, by the caller and nobody else."""

    async def untell(self, engines: Sequence[str]) -> None:
        """Note that the telling failed: the next fault tells again."""

    async def lift(self, engines: Sequence[str]) -> int:
        """Forget the states of engines; returns how many there were."""

    async def end_waiting(self, state: EngineState, now: float) -> int:
        """Refund and end a batch of jobs that wait for the engine, unsent; returns how many."""


class EngineWatch(Protocol):
    """What the worker tells about engines."""

    async def report(self, engine: Engine, error: OperatorFault | EngineGone) -> None:
        """Suspend the engines that the fault concerns; their waiting jobs end."""

    async def worked(self, engine: Engine) -> None:
        """Lift what the engine's success disproves."""
