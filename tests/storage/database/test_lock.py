"""One process at a time takes jobs from a SQLite file; PostgreSQL takes any number."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from bot.domain.storage_errors import AlreadyRunning
from storage import Storage, open_storage
from storage.database.lock import only_process

_BOT = """
import asyncio, sys, time
from pathlib import Path
from storage import open_storage

async def main():
    folder = Path(sys.argv[1])
    async with open_storage(f"sqlite:///{folder}/easel.db", folder) as storage:
        async with storage.claiming():
            print("claiming", flush=True)
            await asyncio.sleep(60)

asyncio.run(main())
"""


async def _start_bot(folder: Path) -> Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _BOT, str(folder), stdout=PIPE, stderr=PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"claiming\n"
    return process


async def _claim_beside(folder: Path) -> Storage:
    url = f"sqlite:///{folder}/easel.db"
    async with open_storage(url, folder) as storage, storage.claiming():
        return storage


async def test_a_second_process_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    first = await _start_bot(tmp_path)
    with pytest.raises(AlreadyRunning, match=r"easel\.db.*PostgreSQL"):
        await _claim_beside(tmp_path)
    first.send_signal(signal.SIGKILL)
    await first.communicate()
    await _claim_beside(tmp_path)


async def test_claiming_clears_what_a_crashed_writer_left(tmp_path: Path) -> None:
    left = tmp_path / "pictures" / ".partial" / "half"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    await _claim_beside(tmp_path)
    assert not left.exists()


def test_postgresql_needs_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with only_process(None), only_process(None):
        assert list(tmp_path.iterdir()) == []
