"""A database and a disk that fail for a while, or at one moment of a commit."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.pool import PoolProxiedConnection

from bot.app import App


@asynccontextmanager
async def locked(folder: Path) -> AsyncIterator[None]:
    """Somebody else writes to the database all the while."""
    connection = sqlite3.connect(folder / "easel.db", isolation_level=None, check_same_thread=False)
    # In a thread: the bot on this loop may be in the middle of a change.
    await asyncio.to_thread(connection.execute, "BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """No picture can be kept all the while."""
    partial = folder / "pictures" / ".partial"
    partial.parent.mkdir(exist_ok=True)
    if partial.is_dir():
        partial.rmdir()
    partial.write_text("in the way")
    try:
        yield
    finally:
        partial.unlink()


@asynccontextmanager
async def refusing(folder: Path, change: str) -> AsyncIterator[None]:
    """The database refuses a change as wrong, which no waiting mends."""
    refusal = "BEGIN SELECT RAISE(ABORT, 'broken'); END"
    trigger = f"CREATE TRIGGER broken BEFORE UPDATE ON jobs WHEN {change} {refusal}"
    await asyncio.to_thread(run_sql, folder, trigger)
    try:
        yield
    finally:
        await asyncio.to_thread(run_sql, folder, "DROP TRIGGER broken")


def run_sql(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "easel.db", isolation_level=None)) as connection:
        connection.execute(statement)


@contextmanager
def after_a_commit(app: App, folder: Path, of: str, then: Callable[[], None]) -> Iterator[None]:
    """Do something, once, when a commit has brought the first row of a table."""
    dialect = app.storage.engine.dialect
    commit = dialect.do_commit

    def commit_and_more(connection: PoolProxiedConnection) -> None:
        commit(connection)
        with closing(sqlite3.connect(folder / "easel.db")) as look:
            [(rows,)] = look.execute(f"SELECT count(*) FROM {of}")  # noqa: S608 - our own words
        if rows:
            dialect.do_commit = commit  # type: ignore[method-assign]
            then()

    dialect.do_commit = commit_and_more  # type: ignore[method-assign]
    yield
    assert dialect.do_commit == commit, "no commit brought a row"


@contextmanager
def losing_the_answer_of_a_commit(app: App, folder: Path) -> Iterator[None]:
    """The commit that brings the first job reaches the database, and its answer does not."""

    def lose() -> None:
        raise io_error()

    with after_a_commit(app, folder, "jobs", lose):
        yield


@contextmanager
def unreadable_after_a_commit(app: App, folder: Path, of: str = "jobs") -> Iterator[None]:
    """The first row of a table is kept, and after that nothing can be read in the block."""
    engine = app.storage.engine.sync_engine

    def fail(*_: object) -> None:
        raise io_error()

    def begin() -> None:
        event.listen(engine, "before_cursor_execute", fail)

    with after_a_commit(app, folder, of, begin):
        yield
    event.remove(engine, "before_cursor_execute", fail)


def io_error() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    return error
