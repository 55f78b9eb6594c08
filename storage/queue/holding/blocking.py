"""Blocks a member or a role, and ends what that member has waiting, in one transaction."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import and_
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.endings import cancelled_by_block
from bot.domain.jobs.job import JobId
from bot.domain.moderation.acts import NO_END, Act, ActKind
from bot.domain.moderation.blocks import MOST_BLOCKS, Block, BlockKind
from bot.domain.moderation.errors import TooManyBlocks
from bot.ports.moderation.blocks import BlockPage, BlockStore
from storage.database.tables import jobs
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.moderation import audit
from storage.moderation.blocks import block_named, count_of, page_of, put, take
from storage.moderation.revisions import revise
from storage.queue.holding.ending import end_unsent


class SqlBlocks(Store, BlockStore):
    """`BlockStore` on the table `blocks`."""

    @override
    @in_transaction
    async def put(
        self, conn: AsyncConnection, guild_id: int, block: Block, *, alias: int | None = None
    ) -> Sequence[JobId]:
        await lock_account(conn)  # whoever accepts holds it: no job slips in between
        now, kind = block.set_at, block.kind
        before = await block_named(conn, guild_id, kind, (block.subject_id, alias), now)
        if before is None and await count_of(conn, guild_id, now) >= MOST_BLOCKS:
            raise TooManyBlocks(most=MOST_BLOCKS)
        await take(conn, guild_id, kind, (block.subject_id, alias))
        await put(conn, guild_id, block)
        await revise(conn, guild_id)
        act = _act(ActKind.BLOCKED, guild_id, block, before, by=block.set_by, now=now)
        await audit.write(conn, act)
        if kind is BlockKind.ROLE:
            return ()
        return await _end_waiting(conn, guild_id, block)

    @override
    @in_transaction
    async def remove(
        self,
        conn: AsyncConnection,
        guild_id: int,
        kind: BlockKind,
        subject_id: int,
        *,
        by: int,
        now: float,
        alias: int | None = None,
    ) -> Block | None:
        await lock_account(conn)
        before = await block_named(conn, guild_id, kind, (subject_id, alias), now)
        if before is None:
            return None
        await take(conn, guild_id, kind, (subject_id, alias))
        await revise(conn, guild_id)
        act = _act(ActKind.UNBLOCKED, guild_id, before, before, by=by, now=now)
        await audit.write(conn, act)
        return before

    @override
    @on_connection
    async def page(
        self, conn: AsyncConnection, guild_id: int, now: float, limit: int, skip: int
    ) -> BlockPage:
        found = await page_of(conn, guild_id, now, limit, skip)
        return BlockPage(found, await count_of(conn, guild_id, now))


def _act(
    kind: ActKind, guild_id: int, block: Block, before: Block | None, *, by: int, now: float
) -> Act:
    """Return what is written down; a member is named beside its texts, never in them."""
    is_user = block.kind is BlockKind.USER
    return Act(
        guild_id,
        by,
        kind,
        now,
        member=block.subject_id if is_user else None,
        target=None if is_user else f"role:{block.subject_id}",
        before=_end_text(before),
        after=_end_text(block) if kind is ActKind.BLOCKED else None,
        reason=block.reason if kind is ActKind.BLOCKED else None,
    )


def _end_text(block: Block | None) -> str | None:
    """Return when a block ends; of one without an end, a sign."""
    if block is None:
        return None
    if block.until is None:
        return NO_END
    return f"{datetime.fromtimestamp(block.until, UTC):%Y-%m-%d %H:%M} UTC"


async def _end_waiting(conn: AsyncConnection, guild_id: int, block: Block) -> Sequence[JobId]:
    """End a member's jobs in a server whose requests have not left; holders find leases lost."""
    theirs = and_(jobs.c.guild_id == guild_id, jobs.c.user_id == block.subject_id)
    return await end_unsent(conn, theirs, cancelled_by_block(), block.set_at, by=block.set_by)
