"""Writes moderators' acts down, in the transaction of what they changed, and reads them."""

import secrets

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.moderation.acts import Act, ActKind, WrittenAct
from bot.ports.moderation.audit import AuditStore
from storage.database.transactions import Store, in_transaction, on_connection
from storage.database.upsert import upsert
from storage.moderation.tables import audit, people

_KEY_BYTES = 16  # 22 characters


class SqlAudit(Store, AuditStore):
    """`AuditStore` on the tables `audit` and `people`."""

    @override
    @in_transaction
    async def record(self, conn: AsyncConnection, act: Act) -> None:
        await write(conn, act)

    @override
    @on_connection
    async def latest(
        self,
        conn: AsyncConnection,
        guild_id: int,
        limit: int,
        *,
        user_id: int | None = None,
        up_to: int | None = None,
        skip: int = 0,
    ) -> list[WrittenAct]:
        actor, member = people.alias("the_actor"), people.alias("the_member")
        found = (
            select(audit, actor.c.user_id.label("by"), member.c.user_id.label("about"))
            .outerjoin(actor, actor.c.key == audit.c.actor)
            .outerjoin(member, member.c.key == audit.c.member)
            .where(audit.c.guild_id == guild_id)
        )
        if user_id is not None:
            found = found.where(or_(actor.c.user_id == user_id, member.c.user_id == user_id))
        if up_to is not None:
            found = found.where(audit.c.id <= up_to)
        newest_first = found.order_by(audit.c.id.desc())
        rows = await conn.execute(newest_first.limit(limit).offset(skip))
        return [
            WrittenAct(
                number=row.id,
                guild_id=row.guild_id,
                by=row.by,
                kind=ActKind(row.act),
                at=row.at,
                member=row.about,
                is_about_member=row.member is not None,
                target=row.target,
                before=row.before,
                after=row.after,
                reason=row.reason,
            )
            for row in rows
        ]


async def write(conn: AsyncConnection, act: Act) -> None:
    """Write an act down in the transaction of what it changed."""
    act = act.without_people()
    row = {
        "guild_id": act.guild_id,
        "at": act.at,
        "actor": await _key_of(conn, act.by),
        "act": act.kind.value,
        "member": None if act.member is None else await _key_of(conn, act.member),
        "target": act.target,
        "before": act.before,
        "after": act.after,
        "reason": act.reason,
    }
    await conn.execute(audit.insert().values(row))


async def _key_of(conn: AsyncConnection, user_id: int) -> str:
    """Return the random key that stands for a person, made at their first act."""
    new = upsert(conn, people).values(key=secrets.token_urlsafe(_KEY_BYTES), user_id=user_id)
    await conn.execute(new.on_conflict_do_nothing(index_elements=["user_id"]))
    key = await conn.scalar(select(people.c.key).where(people.c.user_id == user_id))
    return str(key)
