"""Opens the database: SQLite with the right PRAGMAs and one connection, or PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, NullPool, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.database.folder import make_folder

BUSY_TIMEOUT_MS = 10_000
# Whoever is not answered by PostgreSQL so long meets a fault that may pass, and nothing was done.
ANSWERED_WITHIN_S = 20.0
_WRITER_PRAGMAS = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")
_READER_PRAGMAS = ("PRAGMA query_only = ON",)
_POSTGRES_CONNECTIONS = 5


def open_engine(url: str, *, readonly: bool = False, no_timeout: bool = False) -> AsyncEngine:
    """Return an engine for `sqlite:///path` or `postgresql://…`; nothing is connected yet.

    `readonly` connections can neither write nor hold the lock that a claim needs. `no_timeout`: a
    statement may take however long, for migrations and for reports over a whole ledger.
    Raises ValueError for any other kind of database, DatabaseFileUnusable for its folder.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return _open_postgres(parsed, readonly=readonly, no_timeout=no_timeout or readonly)
    if sqlite_path(url) is None:
        raise ValueError("DATABASE_URL must be sqlite:///path/to/file or postgresql://…")
    return _open_sqlite(Path(parsed.database or ""), readonly=readonly)


@asynccontextmanager
async def open_reading(engine: AsyncEngine, url: str) -> AsyncIterator[AsyncEngine]:
    """Open an engine for long looks beside the one that everything else uses.

    SQLite's only connection would keep all others waiting, and what it has read through stays in
    its memory; here each look has a connection of its own.
    """
    file = sqlite_path(url)
    if file is None:
        yield engine
        return
    beside = _open_sqlite(file, readonly=True, is_kept=False)
    try:
        yield beside
    finally:
        await beside.dispose()


def sqlite_path(url: str) -> Path | None:
    """Return the database file of a SQLite URL, None for any other database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(parsed.database or "")


def described(url: str) -> str:
    """Return the kind of the database and where it is, without who uses it and how."""
    file = sqlite_path(url)
    if file is not None:
        return f"SQLite {file}"
    return f"PostgreSQL {url.partition('://')[2].rpartition('@')[2].partition('?')[0]}"


def _open_sqlite(path: Path, *, readonly: bool, is_kept: bool = True) -> AsyncEngine:
    if readonly:
        query = {"mode": "ro", "uri": "true"}
        url = URL.create("sqlite+aiosqlite", database=path.absolute().as_uri(), query=query)
    else:
        make_folder(path)
        url = URL.create("sqlite+aiosqlite", database=str(path))
    # SQLite's wait for its write lock is not fair; asyncio's queue in front of one connection is.
    pool: dict[str, Any] = {"pool_size": 1, "max_overflow": 0}
    if not is_kept:
        pool = {"poolclass": NullPool}
    engine = create_async_engine(url, hide_parameters=True, **pool)
    pragmas = _READER_PRAGMAS if readonly else _WRITER_PRAGMAS

    def set_pragmas(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        # First, because setting the journal mode already meets other processes' locks.
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    event.listen(engine.sync_engine, "connect", set_pragmas)
    return engine


def _open_postgres(parsed: URL, *, readonly: bool, no_timeout: bool) -> AsyncEngine:
    query = dict(parsed.query)
    # libpq's word for it; asyncpg takes the same values under another name.
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    # Compiling a plan, or making it anew for every claim, takes longer than these statements
    # (claim with 10,000 waiting: 1.2 ms of planning for 1.0 ms of work).
    server_settings = {
        "application_name": "easel",
        "jit": "off",
        "plan_cache_mode": "force_generic_plan",
    }
    if readonly:
        server_settings["default_transaction_read_only"] = "on"
    # The client's clock: the server's own limits help nobody where the server itself is stuck.
    timeouts = (
        {} if no_timeout else dict.fromkeys(("command_timeout", "timeout"), ANSWERED_WITHIN_S)
    )
    return create_async_engine(
        parsed.set(drivername="postgresql+asyncpg", query=query),
        pool_size=_POSTGRES_CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"server_settings": server_settings, **timeouts},
    )
