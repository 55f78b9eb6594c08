"""Keeps the pause that stops every claim of every process, as one row of the settings."""

import json

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs.operations import Pause
from storage.database.tables import settings
from storage.database.upsert import upsert

_KEY = "pause"
IS_OPEN: ColumnElement[bool] = ~exists().where(settings.c.key == _KEY)


async def keep_pause(conn: AsyncConnection, pause: Pause) -> None:
    """Stop the claims from the next one on; without a reason an earlier pause stays as it is."""
    value = json.dumps({"reason": pause.reason, "since": pause.since})
    row = upsert(conn, settings).values(key=_KEY, value=value)
    key = ["key"]
    if pause.reason:
        kept = row.on_conflict_do_update(index_elements=key, set_={"value": row.excluded.value})
    else:
        kept = row.on_conflict_do_nothing(index_elements=key)
    await conn.execute(kept)


async def drop_pause(conn: AsyncConnection) -> bool:
    """Let claims start again; False when nothing stopped them."""
    return (await conn.execute(delete(settings).where(settings.c.key == _KEY))).rowcount == 1


async def read_pause(conn: AsyncConnection) -> Pause | None:
    """Return what stops the claims."""
    value = await conn.scalar(select(settings.c.value).where(settings.c.key == _KEY))
    return None if value is None else Pause(**json.loads(value))
