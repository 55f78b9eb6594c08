"""Keeps which servers the bot was removed from, ends what waits there, and forgets them in time."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select, union
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.endings import cancelled_by_departure
from bot.domain.jobs.job import JobId
from bot.ports.moderation.departures import DepartureStore
from storage.database.tables import (
    IS_WAITING_OR_RUNNING,
    grants,
    guild_settings,
    jobs,
    quota_rules,
)
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.database.upsert import upsert
from storage.members.tables import presets
from storage.moderation.tables import (
    approvals,
    blocks,
    departed_guilds,
    log_lines,
    posted_lines,
    words,
)
from storage.queue.holding.ending import end_unsent

# All that moderators set; the ledger and the audit stay.
_SET = (
    guild_settings,
    quota_rules,
    grants,
    presets,
    blocks,
    words,
    approvals,
    log_lines,
    posted_lines,
)


class SqlDepartures(Store, DepartureStore):
    """`DepartureStore` on the table `departed_guilds`."""

    @override
    @in_transaction
    async def leave(self, conn: AsyncConnection, guild_id: int, now: float) -> Sequence[JobId]:
        await lock_account(conn)
        row = upsert(conn, departed_guilds).values(guild_id=guild_id, left_at=now)
        await conn.execute(row.on_conflict_do_nothing(index_elements=["guild_id"]))
        return await end_unsent(conn, jobs.c.guild_id == guild_id, cancelled_by_departure(), now)

    @override
    @on_connection
    async def come_back(self, conn: AsyncConnection, guild_ids: Collection[int]) -> None:
        # Nearly always nobody: a start then writes nothing, and waits for nobody's lock.
        back = await _left(conn) & set(guild_ids)
        if back:
            is_back = departed_guilds.c.guild_id.in_(back)
            await conn.execute(delete(departed_guilds).where(is_back))
            await conn.commit()

    @override
    @on_connection
    async def known(self, conn: AsyncConnection) -> set[int]:
        waiting = select(jobs.c.guild_id).where(IS_WAITING_OR_RUNNING, jobs.c.guild_id.is_not(None))
        somewhere = union(*(select(table.c.guild_id) for table in _SET), waiting)
        found = set(await conn.scalars(somewhere))
        return {int(guild_id) for guild_id in found} - await _left(conn)

    @override
    @on_connection
    async def forget_left_before(self, conn: AsyncConnection, before: float) -> Sequence[int]:
        if not await _left(conn, before):
            return ()
        await conn.rollback()
        await lock_account(conn)
        gone = await _left(conn, before)
        for table in (*_SET, departed_guilds):
            await conn.execute(delete(table).where(table.c.guild_id.in_(gone)))
        await conn.commit()
        return sorted(gone)


async def _left(conn: AsyncConnection, before: float | None = None) -> set[int]:
    """Return the servers noted as gone, all or those left before a time."""
    left = select(departed_guilds.c.guild_id)
    if before is not None:
        left = left.where(departed_guilds.c.left_at < before)
    return set(await conn.scalars(left))
