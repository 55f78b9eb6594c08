"""How databases are opened: PRAGMAs, the order of statements, readers beside a writer, secrets."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import JobState
from storage import Storage, open_storage
from storage.database.engine import open_engine, sqlite_path
from tests.contract.orders import (
    LEASE_S,
    LIMITS,
    NOW,
    TOKEN,
    accept,
    claim,
    claimed,
    ids_claimed,
    order,
)

WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_storage(_url(tmp_path), tmp_path) as opened:
        yield opened


def _url(folder: Path) -> str:
    return f"sqlite:///{folder}/data/easel.db"


@pytest.mark.parametrize(
    ("pragma", "value"), [("busy_timeout", 10_000), ("journal_mode", "wal"), ("synchronous", 2)]
)
async def test_sqlite_is_opened_durable_and_patient(
    storage: Storage, pragma: str, value: object
) -> None:
    async with storage.engine.connect() as conn:
        assert await conn.scalar(text(f"PRAGMA {pragma}")) == value


async def test_the_first_pragma_is_the_busy_timeout(tmp_path: Path) -> None:
    engine = open_engine(_url(tmp_path))
    traced: list[str] = []

    def trace(connection: object, _record: object) -> None:
        driver = connection.driver_connection._conn  # type: ignore[attr-defined]  # noqa: SLF001 - the spy sits under aiosqlite
        driver.set_trace_callback(traced.append)

    event.listen(engine.sync_engine, "connect", trace, insert=True)
    async with engine.connect():
        pass
    await engine.dispose()
    assert [line.split()[1] for line in traced if line.startswith("PRAGMA") and "=" in line] == [
        "busy_timeout",
        "journal_mode",
        "synchronous",
    ]


async def test_the_first_statement_of_every_write_transaction_is_a_write(
    storage: Storage,
) -> None:
    transactions: list[list[str]] = []
    sync = storage.engine.sync_engine
    event.listen(sync, "begin", lambda _conn: transactions.append([]))
    event.listen(
        sync,
        "before_cursor_execute",
        lambda _c, _cur, statement, *_rest: transactions[-1].append(statement.split()[0]),
    )
    await _a_bit_of_everything(storage)
    writing = [each for each in transactions if any(word in WRITES for word in each)]
    assert len(writing) >= 12
    assert {each[0] for each in writing} <= set(WRITES)


async def _a_bit_of_everything(storage: Storage) -> None:
    store = storage.jobs
    await accept(storage, *(order(n, user=n, is_resumable=n == 2) for n in range(1, 6)))
    _, one = await claimed(storage)
    _, two = await claimed(storage)
    await store.record_sent(one, NOW)
    await store.record_task(two, "t")
    await store.renew("w", [one.job_id, two.job_id], NOW + 110, LEASE_S)
    await store.record_drawn(one, ["k"], "r", NOW)
    await store.retry_delivery(one, NOW)
    await store.requeue(two, NOW)
    drawn = await store.claim_delivery("w", NOW + 120, LEASE_S)
    assert drawn is not None
    await store.end(drawn.lease, Ending(JobState.FAILED), NOW)
    await store.record_told(drawn.id, NOW)
    await ids_claimed(storage)
    await store.release("w")
    await store.rescue(NOW + 99_999)
    await storage.settings.keep("a", "b")


async def test_a_reader_can_write_nothing(storage: Storage, tmp_path: Path) -> None:
    await accept(storage, order())
    async with open_storage(_url(tmp_path), tmp_path, readonly=True) as reader:
        assert len(await reader.usage.rows(0)) == 1
        with pytest.raises(DBAPIError, match="readonly"):
            await reader.jobs.accept(order(2), LIMITS, NOW)


async def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "50% of #1 é"
    async with open_storage(_url(folder), folder) as storage:
        await accept(storage, order())
    async with open_storage(_url(folder), folder, readonly=True) as reader:
        assert await reader.jobs.find(order().id) is not None
    assert (folder / "data" / "easel.db").exists()


async def test_a_long_read_beside_the_bot_stalls_no_claim(storage: Storage, tmp_path: Path) -> None:
    await accept(storage, order(1), order(2))
    async with (
        open_storage(_url(tmp_path), tmp_path, readonly=True) as reader,
        reader.engine.connect() as conn,
    ):
        await conn.exec_driver_sql("BEGIN")
        before = await conn.scalar(text("SELECT count(*) FROM jobs WHERE state = 'running'"))
        await claimed(storage)  # one that had to wait for the reader would fail, for it never ends
        after = await conn.scalar(text("SELECT count(*) FROM jobs WHERE state = 'running'"))
        assert (before, after) == (0, 0)
        await conn.exec_driver_sql("ROLLBACK")


async def test_an_idle_claim_writes_nothing_to_the_disk(storage: Storage, tmp_path: Path) -> None:
    wal = tmp_path / "data" / "easel.db-wal"
    await accept(storage, order())
    await ids_claimed(storage)
    size = wal.stat().st_size
    for _ in range(20):
        assert await claim(storage) is None
    assert wal.stat().st_size == size


async def test_a_cancelled_writer_leaves_the_one_connection_usable(storage: Storage) -> None:
    async with asyncio.timeout(8):  # a dropped connection would hold the lock for ten
        for number in range(20):
            writer = asyncio.create_task(storage.jobs.accept(order(number), LIMITS, NOW))
            await asyncio.sleep(number * 0.0003)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        assert (await storage.jobs.accept(order(99), LIMITS, NOW)).is_new


async def test_no_error_of_the_database_tells_the_token(storage: Storage) -> None:
    async with storage.engine.begin() as conn:
        await conn.execute(text("DROP TABLE ledger"))
    with pytest.raises(DBAPIError) as broken:
        await storage.jobs.accept(order(), LIMITS, NOW)
    assert TOKEN not in str(broken.value)


async def test_the_path_is_taken_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_storage("sqlite:///data/a.db", tmp_path):
        pass
    with sqlite3.connect(tmp_path / "data" / "a.db") as connection:
        assert connection.execute("SELECT count(*) FROM jobs").fetchone() == (0,)
    connection.close()
    assert sqlite_path("postgresql://u:p@h/db") is None


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://u@h/db"])
def test_other_databases_are_refused_by_name(url: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL must be"):
        open_engine(url)


async def test_a_postgresql_url_needs_no_drivers_name_and_hides_its_password() -> None:
    engine = open_engine("postgresql://bot:hunter2@db.example/easel?sslmode=require")
    assert engine.dialect.driver == "asyncpg"
    assert engine.url.query == {"ssl": "require"}
    assert "hunter2" not in repr(engine)
    await engine.dispose()
