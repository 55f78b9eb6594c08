"""Which engines the operator's account can use: one mind over all processes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.domain.catalogue import Catalogue
from bot.domain.engine_states import EngineState, EngineStateStore, Fault, Kind
from bot.domain.engines import Engine
from bot.domain.errors import EngineGone, OperatorFault
from bot.domain.ports import Clock

_log = structlog.get_logger(__name__)

_LOOK_S = 5.0  # how late a process may learn what another one found out


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the operator has to know; `until` is in unix seconds."""

    engines: tuple[str, ...]
    error: OperatorFault | EngineGone
    until: float


Tell = Callable[[Alarm], Awaitable[bool]]
"""Tells the operator; False when that failed."""


class Engines:
    """Suspends engines whose account is at fault or whose API is gone, and lifts that again.

    The catalogue of this process follows the kept states, at most `_LOOK_S` behind.
    """

    def __init__(
        self,
        *,
        store: EngineStateStore,
        catalogue: Catalogue,
        tell: Tell,
        now: Clock,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._tell = tell
        self._now = now
        self._kept: dict[str, EngineState] = {}

    async def run(self) -> None:
        """Follow the kept states until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_S)
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - a database that is away for a while ends no process
                _log.warning("engine_states_unread", exc_info=True)

    async def look(self) -> None:
        """Take over the states that hold now; a pause that is over lets the next job try."""
        now = self._now()
        self._kept = {state.engine: state for state in await self._store.all()}
        self._catalogue.suspend(state for state in self._kept.values() if now < state.until)

    async def report(self, engine: Engine, error: OperatorFault | EngineGone) -> None:
        """Suspend the engines that the fault concerns, end what waits, tell the operator once."""
        fault = self._fault(engine, error)
        must_tell = await self._store.suspend(fault, self._now())
        await self.look()
        await self._end_waiting(fault)
        if must_tell:
            state = self._catalogue.suspended(engine.name)
            until = state.until if state else self._now()
            _log.error(
                "operator_needed",
                code=error.code,
                engines=fault.engines,
                detail=error.detail,
                remedy=getattr(error, "remedy", ""),
                request=error.request_id,
            )
            if not await self._tell(Alarm(fault.engines, error, until)):
                await self._store.untell(fault.engines)

    async def worked(self, engine: Engine) -> None:
        """Lift what the engine's success disproves, for its neighbours with the same fault too.

        A success within the pause was on its way before the fault, and disproves nothing.
        """
        mine = self._kept.get(engine.name)
        if mine is None or self._now() < mine.until:
            return
        names = (other.name for other in self._catalogue.neighbours(engine.name))
        theirs = [self._kept[name] for name in names if name in self._kept]
        is_same = [state for state in theirs if _cause(state) == _cause(mine)]
        await self._store.lift([state.engine for state in is_same])
        await self.look()

    def _fault(self, engine: Engine, error: OperatorFault | EngineGone) -> Fault:
        names: tuple[str, ...] = (engine.name,)
        if isinstance(error, OperatorFault) and error.reach == "account":
            names = tuple(other.name for other in self._catalogue.neighbours(engine.name))
        kind = Kind.GONE if isinstance(error, EngineGone) else Kind.PAUSED
        return Fault(names, kind, error.code, error.request_id)

    async def _end_waiting(self, fault: Fault) -> None:
        for name in fault.engines:
            state = self._catalogue.suspended(name)
            while state is not None and await self._store.end_waiting(state, self._now()):
                pass  # a batch at a time, so that claims get in between


def _cause(state: EngineState) -> tuple[str, str]:
    """Return what the states of one fault share: the call that met it."""
    return state.code, state.request_id
