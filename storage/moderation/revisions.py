"""Tells with one short value whether a server's lists have changed since they were read."""

import secrets

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.tables import guild_settings
from storage.database.upsert import upsert

_KEY = "lists"
_BYTES = 12


async def revision_of(conn: AsyncConnection, guild_id: int) -> str | None:
    """Return the revision of a server's blocks and words; None where there have never been any.

    Whoever reads the lists, too, asks first: they are then as new as this, or newer.
    """
    is_it = (guild_settings.c.guild_id == guild_id, guild_settings.c.key == _KEY)
    revision: str | None = await conn.scalar(select(guild_settings.c.value).where(*is_it))
    return revision


async def revise(conn: AsyncConnection, guild_id: int) -> None:
    """Let everybody read a server's lists anew, in the transaction that changed them.

    A random value: no clock that jumps and no erasure in between can bring an old one back.
    """
    value = secrets.token_urlsafe(_BYTES)
    row = upsert(conn, guild_settings).values(guild_id=guild_id, key=_KEY, value=value)
    new = {"value": row.excluded.value}
    await conn.execute(row.on_conflict_do_update(index_elements=["guild_id", "key"], set_=new))
