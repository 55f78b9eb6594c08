"""What an operator does beside a running bot: pause, resume, back up."""

import time
from pathlib import Path

from bot.config import Settings, SettingsError
from storage import back_up, open_storage, sqlite_path


async def pause(settings: Settings, reason: str) -> str:
    """Stop the starting of jobs everywhere; returns what to print."""
    variables = settings.variables
    url = variables.DATABASE_URL.get_secret_value()
    async with open_storage(url, variables.EASEL_DATA_DIR, now=time.time) as storage:
        await storage.operations.pause(reason, time.time())
    return "No job starts from now on; what runs is finished. `easel resume` goes on."


async def resume(settings: Settings) -> str:
    """Let jobs start again; returns what to print."""
    variables = settings.variables
    url = variables.DATABASE_URL.get_secret_value()
    async with open_storage(url, variables.EASEL_DATA_DIR, now=time.time) as storage:
        was_paused = await storage.operations.resume()
    return "Jobs start again." if was_paused else "Nothing was paused."


async def backup(settings: Settings, target: Path) -> str:
    """Copy the SQLite database; returns what to print, raises FileExistsError."""
    source = sqlite_path(settings.variables.DATABASE_URL.get_secret_value())
    if source is None:
        raise SettingsError(
            "DATABASE_URL: `easel backup` copies SQLite files; back up PostgreSQL with pg_dump"
        )
    size = await back_up(source, target)
    pictures = settings.variables.EASEL_DATA_DIR / "pictures"
    return f"{target}: {size / 1e6:.1f} MB. Kept pictures are files of their own, in {pictures}."
