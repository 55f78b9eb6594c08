"""Tells faults of the database and of the disk that pass from those that stay."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.domain.errors import EaselError
from bot.domain.storage_errors import (
    DatabaseDamaged,
    DatabaseFileUnusable,
    DatabaseUnreachable,
    StorageFault,
    StorageUnavailable,
)
from bot.domain.wording.file_sizes import MIB
from bot.domain.wording.unreachable import why_unreachable
from storage.database.folder import disk_full, free_bytes

# Primary result codes: NOMEM, BUSY, LOCKED, IOERR, FULL, CANTOPEN, PROTOCOL (SQLite, 2026-10).
_SQLITE = frozenset({7, 5, 6, 10, 13, 14, 15})
_SQLITE_IOERR, _SQLITE_FULL = 10, 13
_NO_ROOM_BYTES = MIB  # SQLite's files beside the database grow by less at a time
_SQLITE_DAMAGED = frozenset({11, 26})  # CORRUPT, NOTADB
# Lost connection, rollback for another's sake, out of resources, operator (restart), system error
# (PostgreSQL 17, appendix A).
_POSTGRESQL = ("08", "40", "53", "57", "58")


@contextmanager
def translate_database_errors(place: object = "") -> Iterator[None]:
    """Raise StorageUnavailable, with the place for the log, for a fault that may pass.

    What a rule refuses inside a transaction undoes it and goes on as it is.
    """
    try:
        yield
    except EaselError:
        raise
    except Exception as error:
        if not _may_pass(error):
            raise
        raise StorageUnavailable(place=str(place)) from error


@contextmanager
def opening(file: Path | None) -> Iterator[None]:
    """Raise a StorageFault that says what keeps a database from being opened.

    `file` is SQLite's. A server's fault is only named: drivers quote the address they were given.
    """
    try:
        yield
    except StorageFault:
        raise
    except Exception as error:  # noqa: BLE001 - every driver has kinds of its own
        raise opening_fault(error, file) from None


def is_damage(error: BaseException | None) -> bool:
    """Tell whether SQLite's driver found a file that is broken or none of SQLite's."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF in _SQLITE_DAMAGED


def is_full(error: BaseException | None, file: Path) -> bool:
    """Tell whether the disk of a SQLite file has no room; its driver may call that an I/O error."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    return code == _SQLITE_FULL or (code == _SQLITE_IOERR and free_bytes(file) < _NO_ROOM_BYTES)


def opening_fault(error: Exception, file: Path | None) -> StorageFault:
    """Return what a driver's fault means for the database, `file` if it is SQLite's."""
    if file is None:
        return DatabaseUnreachable(why=why_unreachable(error))
    cause = error.orig if isinstance(error, DBAPIError) else error
    if is_damage(cause):
        return DatabaseDamaged(file=file)
    if is_full(cause, file):
        return disk_full(file)
    return DatabaseFileUnusable(file=file, why=getattr(cause, "strerror", None) or cause)


def _may_pass(error: Exception) -> bool:
    if isinstance(error, OSError | NoConnectionFree):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _may_pass_in_driver(error.orig)
    # While it connects, PostgreSQL's driver raises its own errors.
    return _may_pass_in_driver(error)


def _may_pass_in_driver(error: BaseException | None) -> bool:
    sqlite_code = getattr(error, "sqlite_errorcode", None)
    if sqlite_code is not None:
        return sqlite_code & 0xFF in _SQLITE
    return str(getattr(error, "sqlstate", None) or "").startswith(_POSTGRESQL)
