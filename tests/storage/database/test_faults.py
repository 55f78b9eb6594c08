"""Which faults of the database and the disk are told apart as passing ones."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.storage_errors import StorageUnavailable
from storage import open_storage
from storage.blobs import FileBlobs
from storage.database.engine import open_engine
from storage.queue.jobs import SqlJobs
from tests.contract.orders import LIMITS, NOW, order


async def test_a_database_that_somebody_else_locks_is_unavailable_and_then_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.engine.BUSY_TIMEOUT_MS", 20)
    file = tmp_path / "easel.db"
    async with open_storage(f"sqlite:///{file}", tmp_path) as storage:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable, match="try again in a moment"):
            await storage.jobs.accept(order(), LIMITS, NOW)
        other.execute("ROLLBACK")
        other.close()
        assert (await storage.jobs.accept(order(), LIMITS, NOW)).is_new


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    engine = open_engine("postgresql://easel@127.0.0.1:9/easel")
    with pytest.raises(StorageUnavailable):
        await SqlJobs(engine).find(order().id)
    await engine.dispose()


async def test_a_statement_that_is_wrong_stays_the_error_it_is(tmp_path: Path) -> None:
    async with open_storage(f"sqlite:///{tmp_path}/easel.db", tmp_path) as storage:
        async with storage.engine.begin() as conn:
            await conn.execute(text("DROP TABLE jobs"))
        with pytest.raises(DBAPIError, match="no such table"):
            await storage.jobs.find(order().id)


@pytest.mark.parametrize("action", ["put", "get"])
async def test_a_disk_that_fails_is_unavailable_and_a_missing_picture_is_no_fault(
    tmp_path: Path, action: str
) -> None:
    blobs = FileBlobs(tmp_path)
    (tmp_path / "ab").write_text("in the way")
    with pytest.raises(StorageUnavailable):
        await (blobs.put("ab/x", b"1") if action == "put" else blobs.get("ab/x"))
    with pytest.raises(KeyError):
        await blobs.get("cd/x")
