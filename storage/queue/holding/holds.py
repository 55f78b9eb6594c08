"""Holds waiting jobs back for moderators and lets them go, each act with its line in the audit."""

from typing import Any

from sqlalchemy import Row, and_, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import HoldKind, JobId
from bot.domain.moderation.acts import Act, ActKind
from bot.ports.moderation.holding import HoldStore
from storage.database.tables import IS_QUEUED, jobs
from storage.database.transactions import Store, in_transaction, lock_account
from storage.moderation import audit
from storage.queue.lanes import PLACE, refresh
from storage.queue.leases import IS_UNSENT, is_late
from storage.queue.rows import FREE


class SqlHolds(Store, HoldStore):
    """`HoldStore` on SQLite and PostgreSQL, under the account's mutex: a claim is before or after.

    While a moderator holds a job it has no deadline, and what was left of its wait is kept.
    """

    @override
    @in_transaction
    async def hold(self, conn: AsyncConnection, job_id: JobId, by: int, now: float) -> bool:
        await lock_account(conn)
        is_free = and_(jobs.c.id == job_id, IS_QUEUED, jobs.c.held_at.is_(None))
        held = {
            "held_at": now,
            "held_for": HoldKind.MODERATOR,
            "wait_left_s": jobs.c.deadline_at - now,
            "deadline_at": None,
        }
        changed = update(jobs).where(is_free, IS_UNSENT, ~is_late(now)).values(held)
        row = (await conn.execute(changed.returning(*_CONCERNED))).one_or_none()
        if row is None:
            return False
        await refresh(conn, [row])
        await audit.write(conn, _act(row, ActKind.JOB_HELD, by, now))
        return True

    @override
    @in_transaction
    async def release(self, conn: AsyncConnection, job_id: JobId, by: int, now: float) -> bool:
        await lock_account(conn)
        row = await let_go(conn, job_id, HoldKind.MODERATOR, now)
        if row is None:
            return False
        await audit.write(conn, _act(row, ActKind.JOB_RELEASED, by, now))
        return True


async def let_go(
    conn: AsyncConnection, job_id: JobId, held_for: HoldKind, now: float
) -> Row[Any] | None:
    """Let a held job wait on as long as was left, in its place in time; None where it is not held.

    Under the account's mutex.
    """
    is_held = and_(jobs.c.id == job_id, IS_QUEUED, jobs.c.held_for == held_for)
    free = {"deadline_at": now + jobs.c.wait_left_s, **FREE}
    changed = update(jobs).where(is_held).values(free).returning(*_CONCERNED)
    row = (await conn.execute(changed)).one_or_none()
    if row is not None:
        await refresh(conn, [row])
    return row


_CONCERNED = (*PLACE, jobs.c.id, jobs.c.guild_id)


def _act(row: Row[Any], kind: ActKind, by: int, now: float) -> Act:
    return Act(row.guild_id or 0, by, kind, now, member=row.user_id, target=row.id)
