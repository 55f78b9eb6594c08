"""Keeps whom moderators have blocked, until when and why."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Exists,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.moderation.blocks import Block, BlockKind
from bot.domain.moderation.errors import Blocked
from storage.database.upsert import upsert
from storage.moderation.tables import blocks

Subjects = tuple[int, int | None]
"""Whom a block names, and the alias of a member, which it stands under since an erasure."""


def has_block() -> Exists:
    """Return whether a member is blocked in the server `of_guild` at the time `at`.

    They are `of_user`, and `of_alias` since an erasure.
    """
    is_theirs = and_(
        blocks.c.guild_id == bindparam("of_guild", type_=BigInteger),
        blocks.c.kind == BlockKind.USER.value,
        or_(
            blocks.c.subject_id == bindparam("of_user", type_=BigInteger),
            blocks.c.subject_id == bindparam("of_alias", type_=BigInteger),
        ),
    )
    return exists().where(is_theirs, holds(bindparam("at", type_=Double)))


async def refusal_of(
    conn: AsyncConnection, guild_id: int | None, subject_ids: Subjects, now: float
) -> Blocked:
    """Return what a blocked member reads."""
    block = await block_named(conn, guild_id or 0, BlockKind.USER, subject_ids, now)
    if block is None:
        raise LookupError("nobody is blocked")
    return Blocked(reason=block.reason, until=block.until)


def holds(now: float | ColumnElement[float]) -> ColumnElement[bool]:
    """Return the condition that a block has not ended by itself."""
    return or_(blocks.c.until.is_(None), blocks.c.until > now)


async def blocks_of(conn: AsyncConnection, guild_id: int) -> tuple[Block, ...]:
    """Return a server's blocks, the latest first; some may have ended."""
    found = select(blocks).where(blocks.c.guild_id == guild_id)
    in_order = found.order_by(blocks.c.set_at.desc(), blocks.c.kind, blocks.c.subject_id)
    return tuple(block_of(row) for row in await conn.execute(in_order))


async def page_of(
    conn: AsyncConnection, guild_id: int, now: float, limit: int, skip: int
) -> tuple[Block, ...]:
    """Return some of a server's blocks that hold, the latest first."""
    found = select(blocks).where(blocks.c.guild_id == guild_id, holds(now))
    in_order = found.order_by(blocks.c.set_at.desc(), blocks.c.kind, blocks.c.subject_id)
    rows = await conn.execute(in_order.limit(limit).offset(skip))
    return tuple(block_of(row) for row in rows)


async def block_named(
    conn: AsyncConnection, guild_id: int, kind: BlockKind, subject_ids: Subjects, now: float
) -> Block | None:
    """Return a member's or role's block, if one holds, the latest of several."""
    found = select(blocks).where(_is(guild_id, kind, subject_ids), holds(now))
    row = (await conn.execute(found.order_by(blocks.c.set_at.desc()).limit(1))).one_or_none()
    return None if row is None else block_of(row)


async def count_of(conn: AsyncConnection, guild_id: int, now: float) -> int:
    """Return how many blocks of a server hold."""
    found = select(func.count()).where(blocks.c.guild_id == guild_id, holds(now))
    return await conn.scalar(found) or 0


async def put(conn: AsyncConnection, guild_id: int, block: Block) -> None:
    """Keep a block in place of the one there is of the same; what has ended goes."""
    ended = and_(blocks.c.guild_id == guild_id, ~holds(block.set_at))
    await conn.execute(delete(blocks).where(ended))
    values = {
        "reason": block.reason,
        "until": block.until,
        "set_by": block.set_by,
        "set_at": block.set_at,
    }
    key = {"guild_id": guild_id, "kind": block.kind.value, "subject_id": block.subject_id}
    row = upsert(conn, blocks).values(key | values)
    await conn.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


async def take(
    conn: AsyncConnection, guild_id: int, kind: BlockKind, subject_ids: Subjects
) -> None:
    """Delete a member's or role's block."""
    await conn.execute(delete(blocks).where(_is(guild_id, kind, subject_ids)))


def block_of(row: Row[Any]) -> Block:
    """Return the block that a row keeps."""
    return Block(
        kind=BlockKind(row.kind),
        subject_id=row.subject_id,
        reason=row.reason,
        until=row.until,
        set_by=row.set_by,
        set_at=row.set_at,
    )


def _is(guild_id: int, kind: BlockKind, subject_ids: Subjects) -> ColumnElement[bool]:
    return and_(
        blocks.c.guild_id == guild_id,
        blocks.c.kind == kind.value,
        blocks.c.subject_id.in_([each for each in subject_ids if each is not None]),
    )
