"""Notes lines for a server's log channel, in the transaction of what they tell of."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Double, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.tables import guild_settings
from storage.moderation.tables import log_lines

LOG_CHANNEL = "log_channel"
_GUILD = bindparam("guild_id", type_=BigInteger)
_HAS_CHANNEL = exists().where(
    guild_settings.c.guild_id == _GUILD, guild_settings.c.key == LOG_CHANNEL
)
# Nothing is noted where nobody reads it.
_NOTE = log_lines.insert().from_select(
    ["guild_id", "at", "line"],
    select(_GUILD, bindparam("at", type_=Double), bindparam("line", type_=JSON)).where(
        _HAS_CHANNEL
    ),
)


async def note(conn: AsyncConnection, guild_id: int, at: float, line: dict[str, Any]) -> None:
    """Note a line, unless the server has no log channel; it names what to tell of, and no words."""
    await conn.execute(_NOTE, {"guild_id": guild_id, "at": at, "line": line})
