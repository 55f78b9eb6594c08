"""Writes moderators' acts down, in the transaction of what they changed, and reads them."""

import secrets
from typing import Any

from sqlalchemy import BigInteger, FromClause, Row, Select, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert
from typing_extensions import override

from bot.domain.moderation.acts import Act, ActKind, WrittenAct
from bot.ports.moderation.audit import AuditStore
from storage.database.transactions import Store, in_transaction, on_connection
from storage.database.upsert import upsert
from storage.moderation import guards, log_lines
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
    async def missing_guards(self, conn: AsyncConnection) -> list[str]:
        return await guards.missing(conn)

    @override
    @in_transaction
    async def put_guards_back(self, conn: AsyncConnection) -> list[str]:
        return await guards.put_back(conn)

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
        found = _read(actor, member).where(audit.c.guild_id == guild_id)
        if user_id is not None:
            found = found.where(or_(actor.c.user_id == user_id, member.c.user_id == user_id))
        if up_to is not None:
            found = found.where(audit.c.id <= up_to)
        newest_first = found.order_by(audit.c.id.desc())
        rows = await conn.execute(newest_first.limit(limit).offset(skip))
        return [_act_of(row) for row in rows]


async def act_numbered(conn: AsyncConnection, number: int) -> WrittenAct | None:
    """Return one act, None where there is none of that number."""
    read = _read(people.alias("the_actor"), people.alias("the_member"))
    row = (await conn.execute(read.where(audit.c.id == number))).one_or_none()
    return None if row is None else _act_of(row)


def _read(actor: FromClause, member: FromClause) -> Select[Any]:
    """Return acts with the people whose links are there."""
    return (
        select(audit, actor.c.user_id.label("by"), member.c.user_id.label("about"))
        .outerjoin(actor, actor.c.key == audit.c.actor)
        .outerjoin(member, member.c.key == audit.c.member)
    )


def _act_of(row: Row[Any]) -> WrittenAct:
    return WrittenAct(
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


async def write(conn: AsyncConnection, act: Act) -> None:
    """Write an act down in the transaction of what it changed."""
    act = act.to_keep()
    row = {
        "guild_id": act.guild_id,
        "at": act.at,
        "act": act.kind.value,
        "target": act.target,
        "before": act.before,
        "after": act.after,
        "reason": act.reason,
        "by_id": act.by,
        "member_id": act.member,
    }
    number = await conn.scalar(_WRITE, row)
    if number is None:
        await _make_keys(conn, {act.by, act.by if act.member is None else act.member})
        number = await conn.scalar(_WRITE, row)
    await log_lines.note(conn, act.guild_id, act.at, {"act": number})


async def _make_keys(conn: AsyncConnection, user_ids: set[int]) -> None:
    """Make the random keys that stand for people, unless they have theirs."""
    # In order, so that no two transactions wait for each other's.
    new = [
        {"key": secrets.token_urlsafe(_KEY_BYTES), "user_id": user_id}
        for user_id in sorted(user_ids)
    ]
    made = upsert(conn, people).values(new)
    await conn.execute(made.on_conflict_do_nothing(index_elements=["user_id"]))


def _written() -> ReturningInsert[tuple[int]]:
    """Return one statement for a row and both keys; it writes none where a key is not made yet."""
    actor, member = people.alias("the_actor"), people.alias("the_member")
    plain = [audit.c[name] for name in _PLAIN]
    member_id = bindparam("member_id", type_=BigInteger)
    of_both = actor.outerjoin(member, member.c.user_id == member_id)
    values = [bindparam(column.name, type_=column.type) for column in plain]
    row = select(*values, actor.c.key, member.c.key).select_from(of_both)
    row = row.where(
        actor.c.user_id == bindparam("by_id", type_=BigInteger),
        or_(member_id.is_(None), member.c.key.is_not(None)),
    )
    columns = [*plain, audit.c.actor, audit.c.member]
    return audit.insert().from_select(columns, row).returning(audit.c.id)


_PLAIN = ("guild_id", "at", "act", "target", "before", "after", "reason")
# Putting the statement together costs more than running it, so it is made once.
_WRITE = _written()
