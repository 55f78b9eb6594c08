"""Brings a database to this program's schema, and tells whether it is there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import SchemaMismatch
from storage.engine import open_engine, sqlite_path
from storage.lock import only_process

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
    """Return the revision found (None in an empty or missing database) and the one needed."""
    needed = _scripts().get_current_head()
    if needed is None:
        raise RuntimeError("the migrations are not installed")
    file = sqlite_path(url)
    if file is not None and not file.exists():
        return None, needed
    async with _engine(url, readonly=True) as engine, engine.connect() as conn:
        return await conn.run_sync(_revision_of), needed


async def check_schema(url: str) -> None:
    """Raise SchemaMismatch unless the database has exactly this program's schema."""
    found, needed = await schema_revisions(url)
    if found != needed:
        raise SchemaMismatch(found=found or "none", needed=needed)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # SQLite's driver opens transactions for rows but not for tables.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
    _refuse_newer(_revision_of(connection))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _refuse_newer(found: str | None) -> None:
    scripts = _scripts()
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise SchemaMismatch(found=found, needed=scripts.get_current_head())


def _revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@asynccontextmanager
async def _engine(url: str, *, readonly: bool = False) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(url, readonly=readonly)
    try:
        yield engine
    finally:
        await engine.dispose()
