"""Which engines the account can use: suspended, asked about, lifted, in all processes alike."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.engines.states import BUGS_IN_A_ROW, EngineState, Fault, Telling
from bot.domain.provider_errors import EngineGone, OperatorFault, RequestBug
from bot.ports.clock import Clock
from bot.ports.engines import AskApi, EngineStateStore, WaitingJobs

_log = structlog.get_logger(__name__)

_LOOK_S = 5.0  # how late a process may learn what another one found out
_AHEAD_S = 30.0  # twice as long as a free call may take


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the operator has to know; `until` is in unix seconds, None: the engines stay in use."""

    engines: tuple[str, ...]
    error: Telling
    until: float | None


Tell = Callable[[Alarm], Awaitable[bool]]
"""Tells the operator; False when that failed."""


class Engines:
    """Suspends engines whose account is at fault or whose API is gone, and lifts that again.

    The catalogue of this process follows the kept states, at most `_LOOK_S` behind. `ask` spares
    the member whose job would find out that a fault is still there.
    """

    def __init__(
        self,
        *,
        store: EngineStateStore,
        jobs: WaitingJobs,
        catalogue: Catalogue,
        tell: Tell,
        now: Clock,
        ask: AskApi | None = None,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._catalogue = catalogue
        self._tell = tell
        self._now = now
        self._ask = ask
        self._kept: dict[str, EngineState] = {}
        self._asked: set[tuple[str, float]] = set()
        self._bugs: Counter[str] = Counter()
        self._told_bugs: set[tuple[str, str]] = set()

    async def run(self) -> None:
        """Follow the kept states, and ask before each ends, until cancelled."""
        await _beside(self.ask_again)  # about what ended while no process ran
        async with asyncio.TaskGroup() as group:
            group.create_task(_keep_on(self.look))
            group.create_task(_keep_on(self.ask_ahead))

    async def look(self) -> None:
        """Take over the states that hold now; a pause that is over lets the next job try."""
        now = self._now()
        states = await self._store.all()
        self._kept = {state.engine: state for state in states if self._catalogue.concerns(state)}
        self._catalogue.suspend(state for state in self._kept.values() if now < state.until)

    async def ask_ahead(self) -> None:
        """Ask the API about each fault whose pause is about to end, with a call that is free."""
        await self._ask_about([state for state in self._kept.values() if self._now() < state.until])

    async def ask_again(self) -> None:
        """Ask about faults whose pause is over, too."""
        await self._ask_about(list(self._kept.values()))

    async def report(self, engine: Engine, error: Telling) -> None:
        """Suspend the engines that the fault concerns, end what waits, tell the operator once.

        A request that the API calls wrong suspends its engine when it is one of several in a row.
        """
        if isinstance(error, RequestBug):
            self._bugs[engine.name] += 1
            if self._bugs[engine.name] < BUGS_IN_A_ROW:
                await self._tell_of_bug(engine, error)
                return
        fault = self._catalogue.fault(engine, error)
        must_tell = await self._store.suspend(fault, self._now())
        await self.look()
        await self._end_waiting(fault)
        if must_tell:
            state = self._catalogue.suspended(engine.name)
            until = state.until if state else self._now()
            if not await self._alarm(Alarm(fault.engines, error, until)):
                await self._store.untell(fault.engines)

    async def worked(self, engine: Engine) -> None:
        """Lift what the engine's success disproves, for its neighbours with the same fault too.

        A success within the pause was on its way before the fault, and disproves nothing; so it
        lifts no pause either that another process began since the last look.
        """
        self._bugs.pop(engine.name, None)
        mine = self._kept.get(engine.name)
        if mine is None or self._now() < mine.until:
            return
        names = (other.name for other in self._catalogue.neighbours(engine.name))
        theirs = [self._kept[name] for name in names if name in self._kept]
        is_same = [state for state in theirs if _cause(state) == _cause(mine)]
        await self._store.lift(is_same)
        await self.look()

    async def _ask_about(self, states: Sequence[EngineState]) -> None:
        """Ask once for each pause, and one engine for all that the same call suspended."""
        due = defaultdict[tuple[str, str], list[EngineState]](list)
        now, asked = self._now(), self._asked
        self._asked = {(state.engine, state.until) for state in self._kept.values()} & asked
        for state in states:
            key = (state.engine, state.until)
            if state.until - _AHEAD_S <= now and key not in self._asked:
                self._asked.add(key)
                due[_cause(state)].append(state)
        # Not gather: cancelled, it does not wait for all that it has begun.
        async with asyncio.TaskGroup() as group:
            for one_cause in due.values():
                group.create_task(_beside(partial(self._ask_one_of, one_cause)))

    async def _ask_one_of(self, states: Sequence[EngineState]) -> None:
        engine = self._catalogue.get(states[0].engine)
        if self._ask is None or engine is None:
            return
        error = await self._ask(engine)
        # Any other answer is a good one or proves nothing: the next job may try.
        if not isinstance(error, OperatorFault | EngineGone):
            return
        if states[0].is_of(error):
            await self._store.prolong(states, self._now())
            await self.look()
        else:
            await self.report(engine, error)

    async def _tell_of_bug(self, engine: Engine, error: RequestBug) -> None:
        key = (engine.name, error.code)
        if key in self._told_bugs:
            return
        self._told_bugs.add(key)
        if not await self._alarm(Alarm((engine.name,), error, None)):
            self._told_bugs.discard(key)

    async def _alarm(self, alarm: Alarm) -> bool:
        error = alarm.error
        _log.error(
            "operator_needed",
            code=error.code,
            engines=alarm.engines,
            detail=error.detail,
            remedy=getattr(error, "remedy", ""),
            request=error.request_id,
        )
        return await self._tell(alarm)

    async def _end_waiting(self, fault: Fault) -> None:
        for name in fault.engines:
            state = self._catalogue.suspended(name)
            while state is not None and await self._jobs.end_waiting(state, self._now()):
                pass  # a batch at a time, so that claims get in between


def _cause(state: EngineState) -> tuple[str, str]:
    """Return what the states of one fault share: the call that met it."""
    return state.code, state.request_id


async def _keep_on(act: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(_LOOK_S)
        await _beside(act)


async def _beside(act: Callable[[], Awaitable[None]]) -> None:
    try:
        await act()
    except Exception:  # noqa: BLE001 - a database that is away for a while ends no process
        _log.warning("engine_states_unread", exc_info=True)
