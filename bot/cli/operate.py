"""What an operator does beside a running bot: pause, resume, back up."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.domain.operator_errors import SettingsError
from bot.domain.wording.file_sizes import mib
from bot.settings.config import Settings
from storage import Storage, back_up, check_there, open_storage, sqlite_path


async def pause(settings: Settings, reason: str) -> str:
    """Stop the starting of jobs everywhere; returns what to print, raises NoDatabase.

    Without a reason the one of an earlier pause stays.
    """
    async with _storage_of_a_bot(settings) as storage:
        await storage.operations.pause(reason, time.time())
        paused = await storage.operations.paused()
    kept = f" The reason stays: {paused.reason}" if paused and paused.reason and not reason else ""
    return f"No job starts from now on; what runs is finished. `easel resume` goes on.{kept}"


async def resume(settings: Settings) -> str:
    """Let jobs start again; returns what to print, raises NoDatabase."""
    async with _storage_of_a_bot(settings) as storage:
        was_paused = await storage.operations.resume()
    return "Jobs start again." if was_paused else "Nothing was paused."


async def backup(settings: Settings, target: Path) -> str:
    """Copy the SQLite database; returns what to print, raises FileExistsError."""
    source = sqlite_path(settings.database_url)
    if source is None:
        raise SettingsError(
            "DATABASE_URL: `easel backup` copies SQLite files; back up PostgreSQL with pg_dump"
        )
    size = await back_up(source, target)
    pictures = settings.variables.EASEL_DATA_DIR / "pictures"
    return f"{target}: {mib(size)}. Kept pictures are files of their own, in {pictures}."


@asynccontextmanager
async def _storage_of_a_bot(settings: Settings) -> AsyncIterator[Storage]:
    """Open the storage only where there is one: a new one would be no running bot's."""
    variables = settings.variables
    url = settings.database_url
    await check_there(url)
    async with open_storage(url, variables.EASEL_DATA_DIR) as storage:
        yield storage
