"""Keeps the pictures that moderators granted, and reads what is left of them."""

from sqlalchemy import case, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.quotas.allowances import Allowance, Ask
from bot.domain.quotas.quota import Grant, OpenGrant
from storage.accounts import allowances
from storage.database.tables import IS_GRANTED, grants, ledger
from storage.queue.lanes import lock_account

_MOST = 100  # members; a message holds fewer


async def add(conn: AsyncConnection, guild_id: int, grant: Grant, now: float) -> int:
    """Give pictures, or take back no more than are left; returns how many it came to."""
    images = grant.images
    if images < 0:
        # Under the mutex: a job accepted meanwhile could take the very pictures taken back.
        await lock_account(conn)
        ask = Ask(guild_id, grant.user_id, 0, 0.0)
        left = (await allowances.count(conn, ask, Allowance(), now)).granted
        images = max(images, -left)
    if images:
        row = insert(grants).values(
            guild_id=guild_id,
            user_id=grant.user_id,
            images=images,
            reason=grant.reason,
            granted_by=grant.granted_by,
            granted_at=now,
        )
        await conn.execute(row)
    return images


async def still_open(conn: AsyncConnection, guild_id: int) -> tuple[OpenGrant, ...]:
    """Return who has granted pictures left, the latest given first; at most a hundred."""
    given = (
        select(
            grants.c.user_id,
            func.sum(grants.c.images).label("images"),
            func.max(case((grants.c.images > 0, grants.c.id))).label("latest"),
        )
        .where(grants.c.guild_id == guild_id)
        .group_by(grants.c.user_id)
        .subquery()
    )
    taken = (
        select(ledger.c.user_id, func.sum(ledger.c.from_grant).label("images"))
        .where(ledger.c.guild_id == guild_id, IS_GRANTED)
        .group_by(ledger.c.user_id)
        .subquery()
    )
    left = given.c.images - func.coalesce(taken.c.images, 0)
    look = (
        select(grants.c.user_id, left.label("left"), grants.c.reason, grants.c.granted_by)
        .join(given, given.c.latest == grants.c.id)
        .outerjoin(taken, taken.c.user_id == grants.c.user_id)
        .where(left > 0)
        .order_by(grants.c.id.desc())
        .limit(_MOST)
    )
    return tuple(
        OpenGrant(row.user_id, int(row.left), row.reason, row.granted_by)
        for row in await conn.execute(look)
    )
