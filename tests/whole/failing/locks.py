"""Locks that keep everybody else from a whole database."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database.tables import metadata


def held(url: str) -> AbstractAsyncContextManager[None]:
    return _sqlite_held(url) if url.startswith("sqlite") else _postgresql_held(url)


@contextmanager
def writing(engine: AsyncEngine) -> Iterator[list[object]]:
    """Keep a list of the changes that are asked of the database and not answered yet."""
    asked: list[object] = []

    def begun(_: Any, cursor: Any, __: Any, ___: Any, context: Any, ____: Any) -> None:
        if context.is_crud:
            asked.append(cursor)

    def ended(_: Any, cursor: Any, *__: Any) -> None:
        if cursor in asked:
            asked.remove(cursor)

    def failed(broken: ExceptionContext) -> None:
        ended(None, broken.cursor)

    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": begun,
        "after_cursor_execute": ended,
        "handle_error": failed,
    }
    for name, listener in listeners.items():
        event.listen(engine.sync_engine, name, listener)
    try:
        yield asked
    finally:
        for name, listener in listeners.items():
            event.remove(engine.sync_engine, name, listener)


@asynccontextmanager
async def _sqlite_held(url: str) -> AsyncIterator[None]:
    file = url.removeprefix("sqlite:///")
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    # In a thread: the bot on this loop may be in the middle of a change.
    await asyncio.to_thread(connection.execute, "BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@asynccontextmanager
async def _postgresql_held(url: str) -> AsyncIterator[None]:
    connection = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(20):
            held = await _at_once(connection)
        yield
        await held.rollback()
    finally:
        await connection.close()


async def _at_once(connection: Any) -> Any:
    """Lock every table together: one by one, the bot's own changes would come in between."""
    while True:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute(f"LOCK TABLE {', '.join(metadata.tables)} NOWAIT")
        except asyncpg.LockNotAvailableError:
            await transaction.rollback()
            await asyncio.sleep(0.01)
        else:
            return transaction
