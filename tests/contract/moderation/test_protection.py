"""Nothing changes the audit: after every migration, after a move, and where triggers were lost."""

import shutil
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

import storage as storage_package
from bot.domain.moderation.acts import Act, ActKind
from storage import Storage, migrate_storage, open_storage
from storage.database.engine import open_engine
from storage.moderation.tables import audit, people
from tests.contract.moderation.protection import allowed, rows
from tests.contract.postgres import create_database, drop_database

MIGRATIONS = Path(storage_package.__file__).parent / "database" / "migrations"
FIRST = "0012"  # the first revision with an audit
CARELESS = '''"""Adds a column as Alembic does it on SQLite: by a new table."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("audit", recreate="always") as table:
        table.add_column(sa.Column("extra", sa.Text))
'''


def _config(folder: Path = MIGRATIONS) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config


def _revisions() -> list[str]:
    """Every revision with an audit, oldest first."""
    script = ScriptDirectory.from_config(_config())
    known = [each.revision for each in script.walk_revisions()]
    return sorted(each for each in known if each >= FIRST)


REVISIONS = _revisions()


@pytest.fixture(params=["sqlite", "postgresql"])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """Yield a database with nothing in it."""
    if request.param == "sqlite":
        (tmp_path / "new").mkdir()
        opened = open_engine(f"sqlite:///{tmp_path}/new/easel.db")
        yield opened
        await opened.dispose()
        return
    server, name = request.getfixturevalue("server"), f"audit_{uuid.uuid4().hex}"
    opened = open_engine(await create_database(server, name))
    yield opened
    await opened.dispose()
    await drop_database(server, name)


async def upgrade(engine: AsyncEngine, to: str, folder: Path = MIGRATIONS) -> None:
    """Bring a database to a revision, by the migrations alone."""

    def work(connection: Connection) -> None:
        config = _config(folder)
        config.attributes["connection"] = connection
        command.upgrade(config, to)

    async with engine.connect() as conn:
        if engine.dialect.name == "sqlite":
            await conn.exec_driver_sql("BEGIN IMMEDIATE")
        await conn.run_sync(work)
        await conn.commit()


@pytest.mark.parametrize("revision", REVISIONS)
async def test_nothing_changes_the_audit_after_a_migration_nor_after_all_that_follow(
    engine: AsyncEngine, revision: str
) -> None:
    await upgrade(engine, revision)
    assert await allowed(engine) == set()
    async with engine.connect() as conn:
        before = await rows(conn)
    for later in [each for each in REVISIONS if each > revision]:
        await upgrade(engine, later)
        assert await allowed(engine) == set(), later
    async with engine.connect() as conn:
        kept = [row[: len(before[0])] for row in (await rows(conn))[: len(before)]]
    assert kept == before


async def test_a_migration_that_loses_the_triggers_is_found_out(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))
    (folder / "versions" / "9999_careless.py").write_text(CARELESS.format(head=REVISIONS[-1]))
    await upgrade(engine, "9999", folder)
    assert {"update", "delete", "upsert"} <= await allowed(engine)


async def test_what_migrations_leave_is_what_a_start_would_put_back(storage: Storage) -> None:
    assert await storage.audit.missing_guards() == []
    assert await storage.audit.put_guards_back() == []


SABOTAGE = {
    "sqlite": (
        "DROP TRIGGER audit_no_delete",
        "DROP TRIGGER audit_no_update",
        "DROP TRIGGER audit_no_replace",
    ),
    "postgresql": (
        "DROP TRIGGER audit_no_change ON audit",
        "DROP TRIGGER audit_no_truncate ON audit",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "ALTER TABLE audit ENABLE REPLICA TRIGGER audit_no_change",
        (
            "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NEW; END $$"
        ),
    ),
}
_CASES = [(kind, statement) for kind, all_of in SABOTAGE.items() for statement in all_of]


@pytest.mark.parametrize(("engine", "sabotage"), _CASES, indirect=["engine"])
async def test_what_was_taken_away_is_seen_and_put_back(
    engine: AsyncEngine, tmp_path: Path, sabotage: str
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    await migrate_storage(url)
    async with engine.begin() as conn:
        await conn.execute(text(sabotage))
    assert await allowed(engine) != set()
    async with open_storage(url, tmp_path) as storage:
        missing = await storage.audit.missing_guards()
        assert missing
        assert await storage.audit.put_guards_back() == missing
        assert await storage.audit.missing_guards() == []
    assert await allowed(engine) == set()


async def test_a_trigger_of_the_same_name_that_refuses_nothing_is_seen(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/easel.db"
    async with open_storage(url, tmp_path) as storage:
        async with storage.engine.begin() as conn:
            await conn.execute(text("DROP TRIGGER audit_no_delete"))
            harmless = "BEFORE DELETE ON audit WHEN 0 BEGIN SELECT 1; END"
            await conn.execute(text(f"CREATE TRIGGER audit_no_delete {harmless}"))
        assert await storage.audit.missing_guards() == ["audit_no_delete"]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_rows_moved_from_sqlite_are_as_safe_in_postgresql_and_new_ones_follow_them(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    moved_to = engine.url.render_as_string(hide_password=False)
    async with open_storage(f"sqlite:///{tmp_path}/easel.db", tmp_path) as old:
        for number in range(3):
            await old.audit.record(Act(7, 11, ActKind.SETTING, float(number), member=12))
        before = await old.audit.latest(7, 10)
        async with open_storage(moved_to, tmp_path) as new:
            await move(old, new)
            assert await new.audit.latest(7, 10) == before
            assert await new.audit.missing_guards() == []
            await new.audit.record(Act(7, 11, ActKind.SETTING, 3.0))
            assert [act.at for act in await new.audit.latest(7, 10)] == [3.0, 2.0, 1.0, 0.0]
    assert await allowed(engine) == set()


async def move(old: Storage, new: Storage) -> None:
    """Carry the record over as it is, its numbers too, and let the next act have the next one."""
    for table in (people, audit):
        async with old.engine.connect() as conn:
            found = [dict(row) for row in (await conn.execute(table.select())).mappings()]
        async with new.engine.begin() as conn:
            await conn.execute(table.insert(), found)
    async with new.engine.begin() as conn:
        last = "SELECT setval(pg_get_serial_sequence('audit', 'id'), max(id)) FROM audit"
        await conn.execute(text(last))
