"""What suggestions need of the database: remembered for a while, never waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from bot.domain.storage_errors import StorageFault
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)

_T = TypeVar("_T")

_LIFE_S = 60.0  # how late a process may learn what another one changed
_PATIENCE_S = 0.8  # an answer that takes a second is acknowledged without it
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class _Known(Generic[_T]):
    value: _T
    until: float


class Remembered(Generic[_T]):
    """One small value for each member or server; `nothing` where the database is slow or away.

    A read that takes longer than anybody waits for it goes on, for those who ask next.
    """

    def __init__(self, read: Callable[[int], Awaitable[_T]], nothing: _T, *, now: Clock) -> None:
        self._read = read
        self._nothing = nothing
        self._now = now
        self._known: dict[int, _Known[_T]] = {}
        self._reading: dict[int, asyncio.Task[None]] = {}

    async def of(self, whose: int) -> _T:
        """Return what is kept, as of a minute ago at most where the database answers."""
        known = self._known.get(whose)
        if known is None or known.until <= self._now():
            await asyncio.wait({self._reader(whose)}, timeout=_PATIENCE_S)
            known = self._known.get(whose)
        return known.value if known else self._nothing

    async def anew(self, whose: int) -> _T | None:
        """Return what is kept now; None where it takes too long to say."""
        self._known.pop(whose, None)
        await asyncio.wait({self._reader(whose)}, timeout=_PATIENCE_S)
        known = self._known.get(whose)
        return known.value if known else None

    def forget(self, whose: int) -> None:
        """Read anew for whoever asks next: it was changed."""
        self._known.pop(whose, None)
        self._reading.pop(whose, None)  # what is being read may be from before

    def _reader(self, whose: int) -> asyncio.Task[None]:
        task = self._reading.get(whose)
        if task is None:
            self._reading[whose] = task = asyncio.create_task(self._look(whose))
        return task

    async def _look(self, whose: int) -> None:
        me = asyncio.current_task()
        try:
            value = await self._read(whose)
        except StorageFault as fault:
            _log.warning("not_suggested", whose=whose, reason=repr(fault.__cause__))
        else:
            if self._reading.get(whose) is me:
                self._keep(whose, value)
        finally:
            if self._reading.get(whose) is me:
                del self._reading[whose]

    def _keep(self, whose: int, value: _T) -> None:
        self._known.pop(whose, None)
        self._known[whose] = _Known(value, self._now() + _LIFE_S)
        while len(self._known) > _MOST:
            del self._known[next(iter(self._known))]
