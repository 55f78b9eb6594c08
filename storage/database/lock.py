"""Makes sure that one process at a time takes jobs from a SQLite file, or changes its schema."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.domain.storage_errors import AlreadyRunning
from storage.database.folder import make_folder, unusable


@contextmanager
def only_process(file: Path | None) -> Iterator[None]:
    """Hold the lock beside a SQLite file; None stands for PostgreSQL, which needs none.

    Raises AlreadyRunning or DatabaseFileUnusable. The kernel frees the lock when the process dies,
    however it dies.
    """
    if file is None:
        yield
        return
    make_folder(file)
    try:
        lock = file.with_name(file.name + ".lock").open("w")
    except OSError as error:
        raise unusable(file, error) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(file=file) from None
        yield
