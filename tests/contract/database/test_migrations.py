"""From an empty database to this program's schema, again, and with rows in it."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, TextClause, inspect, text

import storage
from bot.domain.jobs.endings import done
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.reasons.reason import Reason
from bot.domain.storage_errors import (
    AlreadyRunning,
    CannotMigrate,
    ForeignTables,
    NoDatabase,
    SchemaMismatch,
)
from storage import Storage, migrate_storage, open_storage, schema_revisions
from storage.database.engine import open_engine
from storage.database.tables import metadata
from tests.contract import recount
from tests.contract.orders import FAILED, NOW, accept, claimed, order
from tests.contract.postgres import create_database, drop_database

_GUILD = f"lane - {order(guild=0).destination.guild_id}"  # the number a test gave its guild


@pytest.fixture(params=["sqlite", "postgresql"])
async def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Yield the URL of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new/easel.db"
        return
    server, name = request.getfixturevalue("server"), f"fresh_{uuid.uuid4().hex}"
    yield await create_database(server, name)
    await drop_database(server, name)


async def test_an_empty_database_gets_every_table_and_index(fresh_url: str) -> None:
    needed = await migrate_storage(fresh_url)
    assert await schema_revisions(fresh_url) == (needed, needed)
    assert await _on(fresh_url, _differences) == []
    assert await _on(fresh_url, _indexes) == {
        index.name for table in metadata.tables.values() for index in table.indexes
    }


@pytest.mark.parametrize(
    ("made", "named"),
    [
        ("CREATE TABLE jobs (id integer, name text)", "(jobs)"),
        ("CREATE TABLE settings (id integer)", "(settings)"),
        ("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)", None),
        ("CREATE TABLE alembic_version (number integer)", "(alembic_version)"),
    ],
)
async def test_tables_of_another_program_are_named_and_left_as_they_are(
    fresh_url: str, made: str, named: str | None
) -> None:
    await _execute(fresh_url, made)
    before = await _on(fresh_url, _tables)
    if named is None:  # Alembic's own, which says nothing yet
        await migrate_storage(fresh_url)
        return
    for look in (schema_revisions, migrate_storage):
        with pytest.raises(ForeignTables) as caught:
            await look(fresh_url)
        assert f"another program made {named}" in str(caught.value)
        assert fresh_url not in str(caught.value)
    assert await _on(fresh_url, _tables) == before


async def test_a_revision_of_another_program_is_no_newer_easel(fresh_url: str) -> None:
    await migrate_storage(fresh_url)
    await _execute(fresh_url, "UPDATE alembic_version SET version_num = '1f2e3d4c5b6a'")
    with pytest.raises(ForeignTables, match="alembic_version"):
        await schema_revisions(fresh_url)


async def test_a_migration_that_fails_says_why_and_changes_nothing(fresh_url: str) -> None:
    await _execute(fresh_url, "CREATE VIEW jobs AS SELECT 1 AS id")  # no table, and yet in the way
    with pytest.raises(CannotMigrate, match="jobs") as caught:
        await migrate_storage(fresh_url)
    assert "Nothing was changed" in str(caught.value)
    assert fresh_url not in str(caught.value)
    assert await _on(fresh_url, _tables) == []


async def test_migrating_again_changes_nothing_and_keeps_the_rows(
    fresh_url: str, tmp_path: Path
) -> None:
    async with open_storage(fresh_url, tmp_path) as storage:
        await accept(storage, order(1))
    await migrate_storage(fresh_url)
    async with open_storage(fresh_url, tmp_path, readonly=True) as storage:
        job = await storage.jobs.find(order(1).id)
    assert job is not None
    assert job.order == order(1)


@pytest.mark.parametrize("version", ["0003", "0005", "0007"])
async def test_an_older_database_with_rows_gets_its_lanes_and_totals(
    fresh_url: str, tmp_path: Path, version: str
) -> None:
    limits = RunLimits(pools={"aiart": 3, "vod": 1}, per_guild=2, per_user=1)
    async with open_storage(fresh_url, tmp_path) as store:
        first = [order(n, guild=n % 3 or None, user=n % 4, count=1 + n % 2) for n in range(1, 12)]
        await accept(store, *first, order(12, pool="vod"), order(13, guild=2, priority=1))
        for number in range(3):
            job, lease = await claimed(store, limits=limits)
            if number < 2:
                await store.jobs.record_drawn(lease, ["k"], None, NOW + 101)
                await store.jobs.end(lease, done(job, 1), NOW + 102)
        vtimes = (await recount.look(store)).vtimes("aiart")
    await _on(fresh_url, lambda conn: _migrate(conn, version))
    async with open_storage(fresh_url, tmp_path) as store:
        assert (await recount.look(store)).vtimes("aiart") == vtimes
        seen = await recount.look(store)
        recount.check_lanes(seen)
        recount.check_totals(seen)
        in_order = recount.Order(seen.jobs, vtimes, limits)
        job, _ = await claimed(store, limits=limits)
        in_order.check("aiart", NOW + 100, job.id)
        recount.check_lanes(await recount.look(store))
    assert await _on(fresh_url, _differences) == []


async def test_what_an_older_version_said_of_an_end_is_said_word_for_word(
    fresh_url: str, tmp_path: Path
) -> None:
    async with open_storage(fresh_url, tmp_path) as store:
        await accept(store, order(1), order(2))
        _, lease = await claimed(store)
        await store.jobs.end(lease, FAILED, NOW + 1)
    await _on(fresh_url, lambda conn: _migrate(conn, "0014"))
    said = """It said "no" – 'twice'."""
    ended = text("UPDATE jobs SET error_text = :said WHERE state = 'failed'")
    await _execute(fresh_url, ended.bindparams(said=said))
    async with open_storage(fresh_url, tmp_path) as store:
        first, second = [await store.jobs.find(order(number).id) for number in (1, 2)]
    assert (first and first.reason) == Reason("ToldEarlier", {"text": said})
    assert second is not None
    assert second.reason is None
    await _on(fresh_url, lambda conn: _migrate(conn, "0014"))
    again = "SELECT error_text FROM jobs WHERE error_text IS NOT NULL"
    assert await _on(fresh_url, lambda conn: conn.execute(text(again)).scalars().all()) == [said]


async def test_what_was_put_first_has_its_lanes_in_the_older_schema_and_in_this_one(
    fresh_url: str, tmp_path: Path
) -> None:
    async with open_storage(fresh_url, tmp_path) as store:
        vtimes = await _put_first_waits(store)
    await _on(fresh_url, lambda conn: _migrate(conn, "0005"))
    assert await _on(fresh_url, _guild_lanes) == {
        (1, 0, 1.0): None,  # nothing of priority 0 waits
        (1, 1, 1.0): NOW + 12,
        (1, 2, 1.0): NOW + 11,
        (2, 0, 0.0): NOW + 13,
        (2, 1, 0.0): NOW + 14,
        (3, 0, 0.0): None,
        (3, 1, 0.0): None,  # paused
        (4, 0, 1.0): None,
        (4, 1, 1.0): None,  # runs
    }
    # A guild with nothing but priorities has no other lane there.
    unused = f"user_id = 0 AND priority = 0 AND {_GUILD} = 1"
    await _execute(fresh_url, f"DELETE FROM lanes WHERE {unused}")  # noqa: S608 - our own words
    await migrate_storage(fresh_url)
    assert await _on(fresh_url, _guild_lanes) == {
        (1, 0, 1.0): NOW + 11,
        (2, 0, 0.0): NOW + 13,
        (3, 0, 0.0): None,
        (4, 0, 1.0): None,
    }
    async with open_storage(fresh_url, tmp_path) as store:
        seen = await recount.look(store)
        recount.check_lanes(seen)
        assert seen.vtimes("aiart") == vtimes


async def _put_first_waits(store: Storage) -> dict[tuple[int, int], float]:
    """Leave a guild with nothing but priorities, a mixed one, a paused and a running job."""
    await accept(store, order(1))
    job, lease = await claimed(store)
    await store.jobs.record_drawn(lease, ["k"], None, NOW)
    await store.jobs.end(lease, done(job, 1), NOW)
    await accept(store, order(2, guild=3, user=3, priority=1))
    _, lease = await claimed(store)
    await store.jobs.requeue(lease, NOW + 900)
    await accept(store, order(3, guild=4, user=4, priority=1))
    await claimed(store)
    first = [order(11, user=1, priority=2), order(12, user=2, priority=1)]
    mixed = [order(13, guild=2, user=5), order(14, guild=2, user=5, priority=1)]
    await accept(store, *first, *mixed, now=NOW + 11)
    return (await recount.look(store)).vtimes("aiart")


def _guild_lanes(connection: Connection) -> dict[tuple[int, int, float], float | None]:
    """Since when guilds wait, by number, priority and virtual time."""
    columns = f"{_GUILD} AS guild, priority, vtime, since"
    found = text(f"SELECT {columns} FROM lanes WHERE user_id = 0 AND lane <> 0")  # noqa: S608 - our own words
    return {(row.guild, row.priority, row.vtime): row.since for row in connection.execute(found)}


@pytest.mark.parametrize("fresh_url", ["postgresql"], indirect=True)
async def test_processes_that_start_together_migrate_once(fresh_url: str) -> None:
    revisions = await asyncio.gather(*(migrate_storage(fresh_url) for _ in range(4)))
    assert len(set(revisions)) == 1


async def test_a_failed_migration_leaves_nothing_half_made(fresh_url: str) -> None:
    await _execute(fresh_url, "CREATE TABLE settings (odd INTEGER)")
    with pytest.raises(Exception, match="settings"):
        await migrate_storage(fresh_url)
    assert await _on(fresh_url, lambda conn: inspect(conn).get_table_names()) == ["settings"]


async def test_a_database_of_a_newer_program_is_refused_with_a_sentence(
    fresh_url: str, tmp_path: Path
) -> None:
    await migrate_storage(fresh_url)
    await _execute(fresh_url, "UPDATE alembic_version SET version_num = '9999'")
    for readonly in (False, True):
        with pytest.raises(SchemaMismatch, match=r"schema 9999, .* needs a newer Easel"):
            async with open_storage(fresh_url, tmp_path, readonly=readonly):
                pass


async def test_looking_at_a_database_that_is_not_there_makes_none(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/none/easel.db"
    with pytest.raises(NoDatabase, match="first start of the bot"):
        async with open_storage(url, tmp_path, readonly=True):
            pass
    assert not (tmp_path / "none").exists()


async def test_an_old_sqlite_file_is_not_migrated_under_a_running_bot(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/easel.db"
    async with open_storage(url, tmp_path) as storage, storage.claiming():
        await _execute(url, "UPDATE alembic_version SET version_num = '0001'")
        with pytest.raises(AlreadyRunning):
            await migrate_storage(url)


def _migrate(connection: Connection, down_to: str) -> None:
    config = Config()
    config.set_main_option(
        "script_location", str(Path(storage.__file__).parent / "database" / "migrations")
    )
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.downgrade(config, down_to)
    connection.commit()


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def _indexes(connection: Connection) -> set[str | None]:
    inspector = inspect(connection)
    return {index["name"] for table in metadata.tables for index in inspector.get_indexes(table)}


def _tables(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()


async def _on(url: str, work: object) -> object:
    engine = open_engine(url)
    async with engine.connect() as conn:
        found = await conn.run_sync(work)  # type: ignore[arg-type]
    await engine.dispose()
    return found


async def _execute(url: str, statement: str | TextClause) -> None:
    engine = open_engine(url)
    async with engine.begin() as conn:
        await conn.execute(text(statement) if isinstance(statement, str) else statement)
    await engine.dispose()
