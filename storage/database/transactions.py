"""One transaction for each method of a store, ended even where its caller is, and the mutex."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, suppress
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.database.faults import translate_database_errors
from storage.database.tables import lanes
from storage.database.upsert import upsert_on

P = ParamSpec("P")
T = TypeVar("T")
StoreT = TypeVar("StoreT", bound="Store")


class Store:
    """What every store is: methods on one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @property
    def place(self) -> str:
        """The database's address for the log, without a password."""
        return self.engine.url.render_as_string(hide_password=True)


def in_transaction(
    method: Callable[Concatenate[StoreT, AsyncConnection, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[StoreT, P], Coroutine[Any, Any, T]]:
    """Give a method a transaction, committed unless it raises.

    Raises StorageUnavailable for a fault that may pass.
    """
    return _given(AsyncEngine.begin, method)


def on_connection(
    method: Callable[Concatenate[StoreT, AsyncConnection, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[StoreT, P], Coroutine[Any, Any, T]]:
    """Give a method a connection, rolled back after it unless it commits: a look writes nothing.

    Raises StorageUnavailable for a fault that may pass.
    """
    return _given(AsyncEngine.connect, method)


def _given(
    opened: Callable[[AsyncEngine], AbstractAsyncContextManager[AsyncConnection]],
    method: Callable[Concatenate[StoreT, AsyncConnection, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[StoreT, P], Coroutine[Any, Any, T]]:
    @wraps(method)
    async def called(store: StoreT, /, *args: P.args, **kwargs: P.kwargs) -> T:
        async def work() -> T:
            async with opened(store.engine) as conn:
                return await method(store, conn, *args, **kwargs)

        with translate_database_errors(store.place):
            return await run_to_completion(work())

    return called


async def run_to_completion(work: Coroutine[Any, Any, T]) -> T:
    """Let work end by itself even when whoever asked for it is cancelled, who then waits for that.

    A connection dropped in the middle of a transaction keeps SQLite's write lock until it is
    collected, and everybody else waits for it up to the busy timeout (measured).
    """
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await _end_of(task)
        raise


async def _end_of(task: asyncio.Task[T]) -> None:
    """Wait for a task whose answer is nobody's any more, however often that is cancelled."""
    while not task.done():
        # Not gather: cancelled once more, it would cancel the task.
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # looked at, so that it is not called unseen


KEY = ["pool", "lane", "user_id", "priority"]


async def lock_account(conn: AsyncConnection) -> None:
    """Take the account's mutex until the transaction ends.

    Everybody who accepts, claims, or changes more than one job, holds it: counts read after it
    are exact and no two transactions wait for each other's rows.
    """
    await conn.execute(lock(conn.dialect.name))


# Putting this statement together costs more than running it, so it is made once.
@cache
def lock(dialect: str) -> postgresql.Insert:
    """Return the write that takes the account's mutex."""
    row = upsert_on(dialect, lanes).values(pool="", lane=0, user_id=0, priority=0, vtime=0.0)
    return row.on_conflict_do_update(index_elements=KEY, set_={"vtime": lanes.c.vtime})
