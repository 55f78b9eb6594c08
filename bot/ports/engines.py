"""Engines as all processes share them: suspended or not, and at which rate they are called."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.domain.engines.engine import Engine
from bot.domain.engines.states import EngineState, Fault, Telling
from bot.domain.provider_errors import ProviderError

AskApi = Callable[[Engine], Awaitable[ProviderError | None]]
"""Sends an engine's API a call that costs nothing, and returns the error it answers with.

None proves nothing: it was not asked, or took what it should have refused.
"""


class EngineStateStore(Protocol):
    """The states, the same for every process."""

    async def all(self) -> list[EngineState]:
        """Return every state, also those whose pause is over and that nothing lifted yet."""

    async def suspend(self, fault: Fault, now: float) -> bool:
        """Suspend engines; True: the operator is to be told, by the caller and nobody else."""

    async def prolong(self, states: Sequence[EngineState], now: float) -> int:
        """Prolong these states, as they were read; returns how many had not changed since."""

    async def untell(self, engines: Sequence[str]) -> None:
        """Note that the telling failed: the next fault tells again."""

    async def lift(self, states: Sequence[EngineState]) -> int:
        """Forget these states, as they were read; returns how many had not changed since."""


class WaitingJobs(Protocol):
    """The jobs that wait for an engine."""

    async def end_waiting(self, state: EngineState, now: float) -> int:
        """Refund and end a batch of jobs that wait for the engine, unsent; returns how many."""


class EngineWatch(Protocol):
    """What the worker tells about engines."""

    async def report(self, engine: Engine, error: Telling) -> None:
        """Suspend the engines that the fault concerns; their waiting jobs end."""

    async def worked(self, engine: Engine) -> None:
        """Lift what the engine's success disproves."""


class RateLimits(Protocol):
    """The turns of limits of requests per second, over all processes."""

    async def take(self, name: str, interval_s: float, now: float) -> float:
        """Return when the caller's turn is: now, or an interval after the last one handed out."""
