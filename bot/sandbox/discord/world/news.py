"""The news of every change in the local Discord, for whoever listens."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One piece of news, e.g. kind "message created", "message edited", "message deleted"."""

    kind: str
    subject: Any


class News:
    """Tells every change to those who listen."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Change], None]] = []

    def announce(self, kind: str, subject: Any) -> None:
        """Tell every listener at once."""
        for listener in list(self._listeners):
            listener(Change(kind, subject))

    def on_change(self, listener: Callable[[Change], None]) -> None:
        """Call `listener` with every change from now on."""
        self._listeners.append(listener)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Change]]:
        """Queue every change from now on, for the length of the `with` block."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._listeners.append(queue.put_nowait)
        try:
            yield queue
        finally:
            self._listeners.remove(queue.put_nowait)

    async def until(self, met: Callable[[], bool]) -> None:
        """Return as soon as `met()` is true, looked at after every change; no polling."""
        with self.listen() as queue:
            while not met():
                await queue.get()
