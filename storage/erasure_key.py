"""The key that erased people's aliases are made with: a file beside the pictures.

Never in the database, so that whoever gets hold of that, or of its backup, cannot test a known id.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.domain.personal.aliases import LEAST_KEY_BYTES, check_of
from bot.domain.storage_errors import ErasureKeyUnusable
from bot.ports.settings import SettingsStore

FILE_NAME = "erasure.key"


_CHECK = "erasure_key"


async def checked_key(given: bytes | None, data_dir: Path, settings: SettingsStore) -> bytes:
    """Return the given key, or the one of the folder, if it is this database's.

    The first one that a database is used with is its own. Raises ErasureKeyUnusable.
    """
    key = read_key(data_dir) if given is None else given
    known = await settings.value(_CHECK)
    if known is None:
        await settings.keep(_CHECK, check_of(key))
    elif known != check_of(key):
        where = data_dir / FILE_NAME if given is None else "EASEL_ERASURE_KEY"
        raise ErasureKeyUnusable(file=where, why="the database was used with another one")
    return key


def read_key(data_dir: Path) -> bytes:
    """Return the key kept in a folder, made at first; raises ErasureKeyUnusable."""
    file = data_dir / FILE_NAME
    try:
        with suppress(FileExistsError):
            _make(file)
        key = bytes.fromhex(file.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it holds no key"
        raise ErasureKeyUnusable(file=file, why=why) from None
    if len(key) < LEAST_KEY_BYTES:
        raise ErasureKeyUnusable(file=file, why="it holds no key")
    return key


def _make(file: Path) -> None:
    """Make the file, readable by its owner alone, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{FILE_NAME}-{secrets.token_hex(4)}")
    opened = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "w") as out:
            out.write(secrets.token_hex(LEAST_KEY_BYTES) + "\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(new, file)  # which replaces nothing, unlike a rename
    finally:
        new.unlink()
