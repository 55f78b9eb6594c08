"""What keeps a database from being opened is said in one sentence that names the file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.storage_errors import (
    DatabaseDamaged,
    DatabaseFileUnusable,
    DatabaseUnreachable,
    NewerSchema,
    NoDatabase,
)
from storage import back_up, migrate_storage, open_storage, schema_revisions, try_folder
from storage.database.lock import only_process


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "easel.db"


def url_of(file: Path) -> str:
    return f"sqlite:///{file}"


def make(file: Path, content: bytes) -> None:
    file.write_bytes(content)


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\7" * 4096]
)
async def test_a_damaged_file_is_called_that_and_the_backup_is_named(
    file: Path, content: bytes, *, readonly: bool
) -> None:
    make(file, content)
    with pytest.raises(DatabaseDamaged, match=r"easel\.db is damaged .*easel backup"):
        async with open_storage(url_of(file), file.parent, readonly=readonly):
            pass


async def test_a_damaged_file_is_not_copied(file: Path) -> None:
    make(file, b"no database at all" * 100)
    with pytest.raises(DatabaseDamaged):
        await back_up(file, file.with_name("copy.db"))
    assert not file.with_name("copy.db").exists()


@pytest.mark.parametrize(
    "statement", ["", "CREATE TABLE alembic_version (x)", "CREATE TABLE t (x)"]
)
async def test_what_no_easel_has_written_to_is_no_database_to_back_up(
    file: Path, statement: str
) -> None:
    make(file, b"")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
    with pytest.raises(NoDatabase, match=r"no database of Easel at .*easel\.db"):
        await back_up(file, file.with_name("copy.db"))
    assert [path.name for path in file.parent.iterdir()] == [file.name]


async def test_a_folder_that_cannot_be_made_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    file = tmp_path / "taken" / "data" / "easel.db"
    with pytest.raises(DatabaseFileUnusable, match=r"taken/data/easel\.db .*Not a directory"):
        await migrate_storage(url_of(file))
    with pytest.raises(DatabaseFileUnusable), only_process(file):
        pass
    with pytest.raises(DatabaseFileUnusable):
        try_folder(file)


def test_trying_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    try_folder(tmp_path / "not" / "yet" / "easel.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["easel.db", "easel.db.lock"])
async def test_a_folder_in_the_files_place_is_no_database(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(DatabaseFileUnusable, match="DATABASE_URL"):
        await migrate_storage(url_of(tmp_path / "easel.db"))


async def test_a_server_that_is_not_there_is_named_without_its_address() -> None:
    with pytest.raises(DatabaseUnreachable, match="its server runs") as caught:
        await schema_revisions("postgresql://easel:hidden@127.0.0.1:9/easel")
    assert "hidden" not in str(caught.value)


async def test_a_database_of_a_newer_program_needs_a_newer_easel(file: Path) -> None:
    await migrate_storage(url_of(file))
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.close()
    with pytest.raises(NewerSchema, match=r"schema 0999, .* a newer Easel"):
        await schema_revisions(url_of(file))


@pytest.mark.parametrize("is_empty", [False, True])
async def test_a_look_before_the_first_start_says_that_there_is_no_database(
    file: Path, *, is_empty: bool
) -> None:
    if is_empty:
        make(file, b"")
    with pytest.raises(NoDatabase, match=r"easel\.db yet; the first start"):
        async with open_storage(url_of(file), file.parent, readonly=True):
            pass
