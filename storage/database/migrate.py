"""Brings a database to this program's schema, and tells whether it is there."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.storage_errors import (
    CannotMigrate,
    ForeignTables,
    NewerSchema,
    NoDatabase,
    SchemaMismatch,
)
from storage.database.engine import open_engine, sqlite_path
from storage.database.faults import is_damage, is_full, opening, opening_fault
from storage.database.folder import is_there, try_folder
from storage.database.lock import only_process
from storage.database.tables import metadata

_REVISION = table("alembic_version", column("version_num"))
_OURS = re.compile(r"[0-9]{4}")  # how this program numbers its revisions
_POSTGRES_LOCK = 0x65_61_73_65_6C  # "easel": processes that start together migrate in turn


async def migrate_storage(url: str) -> str:
    """Apply every missing migration in one transaction; returns the revision reached.

    Raises NewerSchema, AlreadyRunning when a bot of an older program runs on the SQLite file, and
    whatever keeps a database from being opened.
    """
    file = sqlite_path(url)
    if file is not None:
        try_folder(file)
    found, needed = await schema_revisions(url)
    if found == needed:
        return needed
    with only_process(file):
        async with _connected(url) as conn:
            with _migrating(file, needed):
                await conn.run_sync(_upgrade, _named(file))
                await conn.commit()
    return needed


async def schema_revisions(url: str) -> tuple[str | None, str]:
    """Return the revision found (None in an empty or missing database) and the one needed.

    Raises NewerSchema, DatabaseUnreachable, DatabaseFileUnusable or DatabaseDamaged.
    """
    needed = newest_schema()
    file = sqlite_path(url)
    if file is not None and not is_there(file):
        return None, needed
    async with _connected(url, readonly=True) as conn:
        with opening(file):
            found = await conn.run_sync(_revision_of, _named(file))
    _refuse_newer(found)
    return found, needed


def newest_schema() -> str:
    """Return the revision that this program works with."""
    return _revisions()[-1]


async def check_there(url: str) -> tuple[str, str]:
    """Return the revision found and the one needed; raises NoDatabase where there is none."""
    found, needed = await schema_revisions(url)
    if found is None:
        raise NoDatabase(file=_named(sqlite_path(url)))
    return found, needed


async def check_schema(url: str) -> None:
    """Raise NoDatabase or SchemaMismatch unless it has exactly this program's schema."""
    found, needed = await check_there(url)
    if found != needed:
        raise SchemaMismatch(found=found, needed=needed)


def _named(file: Path | None) -> str:
    """Return how a database is called: a server's address may hold a password."""
    return "the address in DATABASE_URL" if file is None else str(file)


@contextmanager
def _migrating(file: Path | None, needed: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if file is not None and (is_full(error.orig, file) or is_damage(error.orig)):
            raise opening_fault(error, file) from None
        why = str(error.orig).rpartition(">: ")[2]  # SQLAlchemy puts the driver's class before
        raise CannotMigrate(file=_named(file), needed=needed, why=why) from None


def _upgrade(connection: Connection, file: str) -> None:
    # Alembic is 10 MB of memory (measured) that a bot at the newest schema never needs.
    from storage.database.upgrade import upgrade  # noqa: PLC0415 - 10 MB, when one is due

    if connection.dialect.name == "sqlite":
        # SQLite's driver opens transactions for rows but not for tables.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
    _refuse_newer(_revision_of(connection, file))
    upgrade(connection)


def _refuse_newer(found: str | None) -> None:
    known = _revisions()
    if found is not None and found not in known:
        raise NewerSchema(found=found, needed=known[-1])


def _revision_of(connection: Connection, file: str) -> str | None:
    """Return the revision, None where no table of that name is there; raises ForeignTables."""
    inspector = inspect(connection)
    tables = set(inspector.get_table_names())
    found: str | None = None
    if _REVISION.name in tables:
        columns = {column["name"] for column in inspector.get_columns(_REVISION.name)}
        is_ours = columns == set(_REVISION.c.keys())
        found = connection.scalar(select(_REVISION.c.version_num)) if is_ours else ""
    if found is not None and not _OURS.fullmatch(found):
        raise ForeignTables(file=file, tables=_REVISION.name)
    foreign = tables & set(metadata.tables) if found is None else set[str]()
    if foreign:
        raise ForeignTables(file=file, tables=", ".join(sorted(foreign)))
    return found


def _revisions() -> list[str]:
    """Return every revision, oldest first: a migration's file name begins with its own."""
    folder = files("storage.database") / "migrations" / "versions"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".py"))
    return [name.partition("_")[0] for name in names]


@asynccontextmanager
async def _connected(url: str, *, readonly: bool = False) -> AsyncIterator[AsyncConnection]:
    engine = open_engine(url, readonly=readonly, no_timeout=True)
    try:
        with opening(sqlite_path(url)):
            conn = await engine.connect()
        try:
            yield conn
        finally:
            await conn.close()
    finally:
        await engine.dispose()
