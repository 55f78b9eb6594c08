"""The SQLite file and its folder: makes it, and tries beforehand whether they can be used.

A driver that fails to open a file leaves a thread behind, which may outlive the event loop.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.errors import DatabaseFileUnusable


def make_folder(file: Path) -> None:
    """Make the folder of a database; raises DatabaseFileUnusable."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseFileUnusable(file=file, why=error.strerror) from None


def is_there(file: Path) -> bool:
    """Tell whether there is a file; raises DatabaseFileUnusable for one that cannot be read."""
    try:
        if not file.exists():
            return False
        is_readable = file.is_file() and os.access(file, os.R_OK)
    except OSError as error:
        raise DatabaseFileUnusable(file=file, why=error.strerror) from None
    if not is_readable:
        raise DatabaseFileUnusable(file=file, why="it is no file that can be read")
    return True


def try_folder(file: Path) -> None:
    """Raise DatabaseFileUnusable where no database can be written; leaves nothing behind."""
    try:
        nearest = next(folder for folder in file.absolute().parents if folder.exists())
        with TemporaryDirectory(prefix=".easel-", dir=nearest):
            is_writable = not file.exists() or os.access(file, os.W_OK)
    except OSError as error:
        raise DatabaseFileUnusable(file=file, why=error.strerror) from None
    if not is_writable:
        raise DatabaseFileUnusable(file=file, why="it may not be written to")
