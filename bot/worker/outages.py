"""Waits out a database or a disk that cannot be used for now."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import structlog

from bot.domain.jobs.scheduling import STORAGE_TIMEOUT_S, storage_pause_s
from bot.domain.storage_errors import StorageUnavailable
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)

T = TypeVar("T")


async def retry_while_away(
    act: Callable[[], Awaitable[T]], now: Clock, *, for_s: float = STORAGE_TIMEOUT_S
) -> T:
    """Do it until it is done, where repeating it changes nothing: a holder's write is fenced.

    Raises StorageUnavailable when that did not help for `for_s` seconds.
    """
    since, tries = now(), 0
    while True:
        try:
            return await act()
        except StorageUnavailable as error:
            if now() - since >= for_s:
                raise
            tries += 1
            place = error.facts.get("place", "")
            _log.warning(
                "storage_unavailable", tries=tries, place=place, reason=repr(error.__cause__)
            )
        await asyncio.sleep(storage_pause_s(tries))


class OutageTimer:
    """How long something that is tried again and again may fail in a row."""

    def __init__(self, now: Clock, *, for_s: float = STORAGE_TIMEOUT_S) -> None:
        self._now = now
        self._for_s = for_s
        self._since: float | None = None

    def succeeded(self) -> None:
        """Begin anew at the next failure."""
        self._since = None

    def failed(self, error: Exception) -> None:
        """Note a failure; raises it when there were only failures for so long."""
        now = self._now()
        if self._since is None:
            self._since = now
        if now - self._since >= self._for_s:
            raise error


@contextmanager
def unless_away(event: str) -> Iterator[None]:
    """Do without what the storage cannot do for now; a lease runs out by itself."""
    try:
        yield
    except StorageUnavailable as error:
        note_fault(event, error)


def note_fault(event: str, error: Exception) -> None:
    """Log a fault: an outage by its cause, anything else with its traceback."""
    if isinstance(error, StorageUnavailable):
        _log.warning(event, reason=repr(error.__cause__))
    else:
        _log.error(event, exc_info=error)
