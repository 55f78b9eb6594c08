"""What nobody may do to the audit, tried out on a database whatever its triggers are called."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

CHANGES = {
    "update": "UPDATE audit SET act = 'other'",
    "delete": "DELETE FROM audit",
    "replace": (
        "REPLACE INTO audit (id, guild_id, at, actor, act) SELECT id, 1, at, actor, act FROM audit"
    ),
    "upsert": (
        "INSERT INTO audit (id, guild_id, at, actor, act) SELECT id, 1, at, actor, act FROM audit "
        "WHERE true ON CONFLICT (id) DO UPDATE SET guild_id = 1"
    ),
    "truncate": "TRUNCATE audit",
}
_UNKNOWN = {"sqlite": {"truncate"}, "postgresql": {"replace"}}
ROW = "INSERT INTO audit (guild_id, at, actor, act) VALUES (7, 1.5, 'key', 'quota set')"


async def allowed(engine: AsyncEngine) -> set[str]:
    """Write a row, try each change of it, and return which of them nothing refuses."""
    async with engine.begin() as conn:
        await conn.execute(text(ROW))
    found = set()
    for name in CHANGES.keys() - _UNKNOWN[engine.dialect.name]:
        async with engine.connect() as conn:
            before = await rows(conn)
            if not await _is_refused(conn, CHANGES[name]):
                found.add(name)
            await conn.rollback()
            assert await rows(conn) == before
    return found


async def _is_refused(conn: AsyncConnection, statement: str) -> bool:
    try:
        await conn.execute(text(statement))
    except DBAPIError as error:
        assert "append-only" in str(error.orig)  # noqa: PT017 - anything else is no refusal
        return True
    return False


async def rows(conn: AsyncConnection) -> list[tuple[Any, ...]]:
    """Every row, the oldest first."""
    found = await conn.execute(text("SELECT * FROM audit ORDER BY id"))
    return [tuple(row) for row in found]
