"""What every blob store promises, as files and as rows."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage import Storage
from storage.blobs import CHUNK_BYTES, FileBlobs, RowBlobs

KEY = "0a1b2c3d4e5f6/in/0"
_CRASH = """
import asyncio, os, sys
from pathlib import Path
from storage.blobs import FileBlobs
Path.replace = lambda *_: os._exit(9)
asyncio.run(FileBlobs(Path(sys.argv[1])).put("0a1b2c3d4e5f6/in/0", b"new" * 99_999))
"""


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 7])
async def test_a_picture_comes_back_byte_for_byte(storage: Storage, size: int) -> None:
    data = os.urandom(size)
    await storage.blobs.put(KEY, data)
    assert await storage.blobs.get(KEY) == data


async def test_the_same_key_again_replaces_even_with_less(storage: Storage) -> None:
    await storage.blobs.put(KEY, bytes(3 * CHUNK_BYTES))
    await storage.blobs.put(KEY, b"small")
    assert await storage.blobs.get(KEY) == b"small"


async def test_forgetting_is_no_error_where_nothing_is(storage: Storage) -> None:
    await storage.blobs.put(KEY, b"a")
    await storage.blobs.put("0a1b2c3d4e5f6/raw/0", b"b")
    await storage.blobs.delete([KEY, "0a1b2c3d4e5f6/in/9"])
    with pytest.raises(KeyError):
        await storage.blobs.get(KEY)
    assert await storage.blobs.get("0a1b2c3d4e5f6/raw/0") == b"b"
    await storage.blobs.delete([])


async def test_many_writers_of_one_key_leave_one_whole_picture(storage: Storage) -> None:
    pictures = [bytes([number]) * (CHUNK_BYTES * number) for number in range(1, 5)]
    await asyncio.gather(*(storage.blobs.put(KEY, data) for data in pictures))
    assert await storage.blobs.get(KEY) in pictures


async def test_pictures_are_files_beside_sqlite_and_rows_in_postgresql(storage: Storage) -> None:
    kind = FileBlobs if storage.file else RowBlobs
    assert isinstance(storage.blobs, kind)


@pytest.mark.parametrize(
    "key", ["", "..", "../x/y", "ab/../../etc", "/etc/passwd", "ab//c", "ab/.."]
)
async def test_a_key_cannot_leave_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a blob key"):
        await FileBlobs(tmp_path / "pictures").put(key, b"x")


async def test_files_spread_by_the_end_of_the_job_id_and_leave_no_folder_behind(
    tmp_path: Path,
) -> None:
    blobs = FileBlobs(tmp_path / "pictures")
    await blobs.put(KEY, b"x")
    assert (tmp_path / "pictures" / "f6" / KEY).read_bytes() == b"x"
    await blobs.delete([KEY])
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == [".partial"]


async def test_a_crash_before_the_rename_leaves_the_old_picture_and_no_half_one(
    tmp_path: Path,
) -> None:
    blobs = FileBlobs(tmp_path)
    await blobs.put(KEY, b"old")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _CRASH, str(tmp_path), stderr=subprocess.DEVNULL
    )
    assert await process.wait() == 9
    assert await blobs.get(KEY) == b"old"
    assert len(list((tmp_path / ".partial").iterdir())) == 1
    await blobs.sweep()
    assert not list((tmp_path / ".partial").iterdir())
    assert await blobs.get(KEY) == b"old"
