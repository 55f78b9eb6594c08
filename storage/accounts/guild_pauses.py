"""Keeps which servers' queues their moderators have stopped, and tells claims and requests so.

One row of `guild_settings` each. It is written under the account's mutex, so that a claim or an
`accept` is before it or knows of it.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, replace

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.operations import GuildPause
from bot.domain.moderation.acts import Act, ActKind
from bot.ports.moderation.holding import GuildPauseStore
from storage.database.tables import guild_settings
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.database.upsert import upsert
from storage.moderation import audit

_KEY = "pause"


class SqlGuildPauses(Store, GuildPauseStore):
    """`GuildPauseStore` on the table `guild_settings`."""

    @override
    @in_transaction
    async def pause(
        self, conn: AsyncConnection, guild_id: int, pause: GuildPause, by: int
    ) -> GuildPause:
        await lock_account(conn)
        earlier = await pause_of(conn, guild_id)
        if earlier is not None and not pause.reason:
            pause = replace(pause, reason=earlier.reason)
        row = upsert(conn, guild_settings).values(
            guild_id=guild_id, key=_KEY, value=json.dumps(asdict(pause))
        )
        new = {"value": row.excluded.value}
        await conn.execute(row.on_conflict_do_update(index_elements=["guild_id", "key"], set_=new))
        kind = ActKind.QUEUE_DRAINED if pause.is_drain else ActKind.QUEUE_PAUSED
        reason = pause.reason or None
        await audit.write(conn, Act(guild_id, by, kind, pause.since, reason=reason))
        return pause

    @override
    @in_transaction
    async def resume(self, conn: AsyncConnection, guild_id: int, by: int, now: float) -> bool:
        await lock_account(conn)
        if not (await conn.execute(delete(guild_settings).where(*_is_of(guild_id)))).rowcount:
            return False
        await audit.write(conn, Act(guild_id, by, ActKind.QUEUE_RESUMED, now))
        return True

    @override
    @on_connection
    async def paused(self, conn: AsyncConnection, guild_id: int) -> GuildPause | None:
        return await pause_of(conn, guild_id)


async def pause_of(conn: AsyncConnection, guild_id: int) -> GuildPause | None:
    """Return what stops a server's queue, None where nothing does."""
    value = await conn.scalar(select(guild_settings.c.value).where(*_is_of(guild_id)))
    return None if value is None else GuildPause(**json.loads(value))


async def pauses_of(conn: AsyncConnection, guild_ids: Collection[int]) -> dict[int, GuildPause]:
    """Return what stops the queues of these servers, by their ids."""
    columns = (guild_settings.c.guild_id, guild_settings.c.value)
    are_theirs = (guild_settings.c.key == _KEY, guild_settings.c.guild_id.in_(guild_ids))
    rows = await conn.execute(select(*columns).where(*are_theirs))
    return {row.guild_id: GuildPause(**json.loads(row.value)) for row in rows}


def is_open(lane: ColumnElement[int]) -> ColumnElement[bool]:
    """Tell in a query whether moderators let the jobs of a lane start.

    Not EXISTS: PostgreSQL would join all lanes, while most of them are open.
    """
    found = select(guild_settings.c.guild_id).where(
        guild_settings.c.guild_id == lane, guild_settings.c.key == _KEY
    )
    return found.correlate_except(guild_settings).scalar_subquery().is_(None)


def _is_of(guild_id: int) -> tuple[ColumnElement[bool], ...]:
    return guild_settings.c.guild_id == guild_id, guild_settings.c.key == _KEY
