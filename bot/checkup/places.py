"""Tries a folder before the work, and writes the files that somebody asked for."""

import os
import shutil
import tempfile
from pathlib import Path

from bot.domain.operator_errors import FileUnusable
from bot.domain.storage_errors import DiskFull
from bot.domain.wording.file_sizes import room


def check_folder(folder: Path, *, needed_bytes: int = 0, remedy: str) -> None:
    """Make a folder and try it; raises FileUnusable, DiskFull for less room than is needed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        raise unusable(folder, error, remedy) from None
    if free < needed_bytes:
        raise DiskFull(file=folder.absolute(), free=room(free))


def write(file: Path, data: bytes, *, remedy: str) -> None:
    """Write a file; raises FileUnusable."""
    try:
        file.write_bytes(data)
    except OSError as error:
        raise unusable(file, error, remedy) from None


def unusable(file: Path, error: OSError, remedy: str) -> FileUnusable:
    """Say that a file or folder cannot be written, and why."""
    why = os.strerror(error.errno) if error.errno else str(error)
    return FileUnusable(file=file.absolute(), done="written", why=why, remedy=remedy)
