"""Brings a database to this program's schema, and tells whether it is there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

from sqlalchemy import Connection, column, inspect, select, table, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import DatabaseUnreachable, SchemaMismatch
from storage.engine import open_engine, sqlite_path
from storage.lock import only_process

_REVISION = table("alembic_version", column("version_num"))
_POSTGRES_LOCK = 0x65_61_73_65_6C  # "easel": processes that start together migrate in turn


async def migrate_storage(url: str) -> str:
    """Apply every missing migration in one transaction; returns the revision reached.

    Raises SchemaMismatch when a newer program made the database, AlreadyRunning when a bot of
    an older one runs on the SQLite file.
    """
    found, needed = await schema_revisions(url)
    if found == needed:
        return needed
    async with _engine(url) as engine, engine.connect() as conn:
        with only_process(sqlite_path(url)):
            await conn.run_sync(_upgrade)
            await conn.commit()
    return needed


async def schema_revisions(url: str) -> tuple[str | None, str]:
    """Return the revision found (None in an empty or missing database) and the one needed.

    Raises DatabaseUnreachable.
    """
    needed = _revisions()[-1]
    file = sqlite_path(url)
    if file is not None and not file.exists():
        return None, needed
    async with _engine(url, readonly=True) as engine:
        try:
            async with engine.connect() as conn:
                return await conn.run_sync(_revision_of), needed
        except Exception as error:  # noqa: BLE001 - every driver has kinds of its own
            # They quote the address they were given, so only the error's name is passed on.
            raise DatabaseUnreachable(why=type(error).__name__) from None


async def check_schema(url: str) -> None:
    """Raise SchemaMismatch unless the database has exactly this program's schema."""
    found, needed = await schema_revisions(url)
    if found != needed:
        raise SchemaMismatch(found=found or "none", needed=needed)


def _upgrade(connection: Connection) -> None:
    # Alembic is 10 MB of memory (measured) that a bot at the newest schema never needs.
    from storage.upgrade import upgrade  # noqa: PLC0415

    if connection.dialect.name == "sqlite":
        # SQLite's driver opens transactions for rows but not for tables.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
    _refuse_newer(_revision_of(connection))
    upgrade(connection)


def _refuse_newer(found: str | None) -> None:
    known = _revisions()
    if found is not None and found not in known:
        raise SchemaMismatch(found=found, needed=known[-1])


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_REVISION.name):
        return None
    found: str | None = connection.scalar(select(_REVISION.c.version_num))
    return found


def _revisions() -> list[str]:
    """Return every revision, oldest first: a migration's file name begins with its own."""
    folder = files("storage") / "migrations" / "versions"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".py"))
    return [name.partition("_")[0] for name in names]


@asynccontextmanager
async def _engine(url: str, *, readonly: bool = False) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(url, readonly=readonly)
    try:
        yield engine
    finally:
        await engine.dispose()
