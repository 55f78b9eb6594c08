"""Lets a transaction end by itself even when whoever asked for it is cancelled."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from storage.database.faults import judged

P = ParamSpec("P")
T = TypeVar("T")


def whole(work: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make a coroutine function's work run to its end; a cancelled caller waits for that.

    A connection dropped in the middle of a transaction keeps SQLite's write lock until it is
    collected, and everybody else waits for it up to the busy timeout (measured). Raises
    StorageUnavailable for a fault that may pass.
    """

    @wraps(work)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        task = asyncio.create_task(work(*args, **kwargs))
        try:
            with judged(_place_of(args[0] if args else None)):
                return await asyncio.shield(task)
        except asyncio.CancelledError:
            await _end_of(task)
            raise

    return run


def _place_of(store: object) -> str:
    """Return the database of a store, for the log; without a password."""
    engine = getattr(store, "_engine", None)
    return "" if engine is None else engine.url.render_as_string(hide_password=True)


async def _end_of(task: asyncio.Task[T]) -> None:
    """Wait for a task whose answer is nobody's any more, however often that is cancelled."""
    while not task.done():
        # Not gather: cancelled once more, it would cancel the task.
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # looked at, so that it is not called unseen
