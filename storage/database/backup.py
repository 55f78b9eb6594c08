"""Copies the SQLite database while the bot runs, without ever holding its write lock."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.domain.storage_errors import DatabaseDamaged, DatabaseFileUnusable, NoDatabase
from storage.database.engine import BUSY_TIMEOUT_MS
from storage.database.faults import is_damage, is_full
from storage.database.folder import disk_full, is_there


async def back_up(source: Path, target: Path) -> int:
    """Write a consistent copy of `source` to `target`, durably; returns its size in bytes.

    Raises FileExistsError rather than overwrite, a StorageFault for the source or a full disk, else
    OSError for the target.
    """
    return await asyncio.to_thread(_back_up, source, target)


def _back_up(source: Path, target: Path) -> int:
    if not is_there(source):
        raise NoDatabase(file=source)
    if target.exists():
        raise FileExistsError(target)
    _check_ours(source)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    partial.touch(exist_ok=False)
    try:
        _copy(source, partial)
        # A link, unlike a rename, never replaces what somebody put there meanwhile.
        target.hardlink_to(partial)
    except sqlite3.Error as error:
        raise _fault(error, source, target) from None
    except OSError as error:
        if is_full(error, target):
            raise disk_full(target) from None
        raise
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def _check_ours(source: Path) -> None:
    """Raise NoDatabase for a file that no Easel has written to, such as an empty one."""
    with closing(_open(source)) as reading:
        try:
            ours = reading.execute("SELECT count(version_num) FROM alembic_version").fetchone()
        except sqlite3.Error as error:
            if is_damage(error):
                raise DatabaseDamaged(file=source) from None
            ours = (0,)
    if ours == (0,):
        raise NoDatabase(file=source)


def _fault(error: sqlite3.Error, source: Path, target: Path) -> Exception:
    if is_damage(error):
        return DatabaseDamaged(file=source)
    if is_full(error, target):
        return disk_full(target)
    return DatabaseFileUnusable(file=source, why=error)


def _open(source: Path) -> sqlite3.Connection:
    address = f"{source.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_MS / 1000)


def _copy(source: Path, partial: Path) -> None:
    with closing(_open(source)) as reading, closing(sqlite3.connect(partial)) as writing:
        # All in one read transaction: page by page a busy bot would make it start over each time.
        reading.backup(writing, pages=-1)
        writing.execute("PRAGMA journal_mode = DELETE")
    with partial.open("rb") as file:
        os.fsync(file.fileno())
