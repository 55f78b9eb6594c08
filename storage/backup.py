"""Copies the SQLite database while the bot runs, without ever holding its write lock."""

import asyncio
import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.domain.errors import DatabaseDamaged, NoDatabase
from storage.engine import BUSY_TIMEOUT_MS
from storage.faults import is_damage
from storage.folder import is_there


async def back_up(source: Path, target: Path) -> int:
    """Write a consistent copy of `source` to `target`, durably; returns its size in bytes.

    Raises FileExistsError rather than overwrite, a StorageFault for the source, else OSError.
    """
    return await asyncio.to_thread(_back_up, source, target)


def _back_up(source: Path, target: Path) -> int:
    if not is_there(source):
        raise NoDatabase(file=source)
    if target.exists():
        raise FileExistsError(target)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    partial.touch(exist_ok=False)
    try:
        _copy(source, partial)
        # A link, unlike a rename, never replaces what somebody put there meanwhile.
        target.hardlink_to(partial)
    except sqlite3.Error as error:
        if is_damage(error):
            raise DatabaseDamaged(file=source) from None
        raise OSError(errno.EIO, str(error)) from error
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def _copy(source: Path, partial: Path) -> None:
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_MS / 1000)) as reading,
        closing(sqlite3.connect(partial)) as writing,
    ):
        # All in one read transaction: page by page a busy bot would make it start over each time.
        reading.backup(writing, pages=-1)
        writing.execute("PRAGMA journal_mode = DELETE")
    with partial.open("rb") as file:
        os.fsync(file.fileno())
