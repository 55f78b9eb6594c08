"""The SQLite file, its folder and the pictures': tries beforehand whether they can be used.

A driver that fails to open a file leaves a thread behind, which may outlive the event loop.
"""

import errno
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.storage_errors import DatabaseFileUnusable, DiskFull, PicturesUnusable, StorageFault
from bot.domain.wording.file_sizes import MIB, room

_LEAST_FREE_BYTES = 32 * MIB  # a job's pictures, and the database's log
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def unusable(file: Path, error: OSError) -> StorageFault:
    """Return what a fault of the system means for the database file."""
    if error.errno in _FULL:
        return disk_full(file)
    return DatabaseFileUnusable(file=file, why=error.strerror)


def disk_full(file: Path) -> DiskFull:
    """Return the fault that names how much is free where the file is, or would be."""
    disk = os.statvfs(_nearest(file))
    is_out_of_files = disk.f_files > 0 and disk.f_favail == 0  # where a disk counts them
    return DiskFull(file=file, free="no inodes" if is_out_of_files else room(free_bytes(file)))


def free_bytes(file: Path) -> int:
    """Return how much is free on the disk of a file or folder that need not be there yet."""
    return shutil.disk_usage(_nearest(file)).free


def try_pictures(folder: Path) -> int:
    """Return the bytes free for kept pictures, and leave nothing behind.

    Raises PicturesUnusable where none can be written, DiskFull where there is no room for them.
    """
    try:
        nearest = folder if folder.exists() else _nearest(folder)
        with TemporaryDirectory(prefix=".easel-", dir=nearest):
            free = free_bytes(folder)
    except OSError as error:
        if error.errno in _FULL:
            raise disk_full(folder) from None
        raise PicturesUnusable(folder=folder, why=error.strerror) from None
    if free < _LEAST_FREE_BYTES:
        raise disk_full(folder)
    return free


def _nearest(file: Path) -> Path:
    """Return the nearest folder above that there is."""
    return next(folder for folder in file.absolute().parents if folder.exists())


def make_folder(file: Path) -> None:
    """Make the folder of a database; raises DatabaseFileUnusable."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(file, error) from None


def is_there(file: Path) -> bool:
    """Tell whether there is a file; raises DatabaseFileUnusable for one that cannot be read."""
    try:
        if not file.exists():
            return False
        is_readable = file.is_file() and os.access(file, os.R_OK)
    except OSError as error:
        raise unusable(file, error) from None
    if not is_readable:
        raise DatabaseFileUnusable(file=file, why="it is no file that can be read")
    return True


def try_folder(file: Path) -> None:
    """Raise DatabaseFileUnusable where no database can be written; leaves nothing behind."""
    try:
        with TemporaryDirectory(prefix=".easel-", dir=_nearest(file)):
            is_writable = not file.exists() or os.access(file, os.W_OK)
    except OSError as error:
        raise unusable(file, error) from None
    if not is_writable:
        raise DatabaseFileUnusable(file=file, why="it may not be written to")
