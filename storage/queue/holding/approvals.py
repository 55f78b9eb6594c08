"""Keeps which jobs wait for a moderator's yes, where that was asked for, and what was said.

A job waits for it as it does for a moderator's hold, but with a deadline of its own. The row is
written with the job, so whoever looks for what is not asked for yet also finds what a crash left.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.endings import denied
from bot.domain.jobs.job import HoldKind, Job, JobId, Order
from bot.domain.jobs.reasons.denial import Denial
from bot.domain.moderation.acts import Act, ActKind
from bot.domain.moderation.approvals import WAITS_S, Approval, Decision
from bot.ports.moderation.holding import ApprovalStore
from storage.accounts import ledger
from storage.database.tables import IS_QUEUED, jobs
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.moderation import audit
from storage.moderation.tables import approvals
from storage.queue.holding.holds import let_go
from storage.queue.lanes import PLACE, refresh
from storage.queue.leases import is_late
from storage.queue.rows import columns_of, job_of

_AT_ONCE = 20
_IS_OPEN = approvals.c.decided_at.is_(None)
_IS_WAITING = and_(IS_QUEUED, jobs.c.held_for == HoldKind.APPROVAL)


@dataclass(frozen=True, slots=True)
class Wait:
    """From when on, and how many seconds, a new job waits for its turn, after a yes if `is_held`.

    It starts no earlier than `ready_at`.
    """

    since: float
    seconds: float
    ready_at: float = 0.0
    is_held: bool = False

    def columns(self) -> dict[str, Any]:
        """Return the columns of the job's row."""
        row: dict[str, Any] = {"created_at": self.since, "ready_at": self.ready_at}
        if not self.is_held:
            return row | {"deadline_at": self.since + self.seconds}
        hold = {"held_at": self.since, "held_for": HoldKind.APPROVAL, "wait_left_s": self.seconds}
        return row | hold | {"deadline_at": self.since + WAITS_S}


class SqlApprovals(Store, ApprovalStore):
    """`ApprovalStore` on the table `approvals`."""

    @override
    @on_connection
    async def unasked(
        self, conn: AsyncConnection, *, but: Collection[int] = (), nor: Collection[JobId] = ()
    ) -> list[tuple[Approval, Job]]:
        is_left = and_(approvals.c.guild_id.not_in(but), approvals.c.job_id.not_in(nor))
        return await _with_jobs(conn, and_(approvals.c.message_id.is_(None), _IS_WAITING, is_left))

    @override
    @on_connection
    async def ended(self, conn: AsyncConnection) -> list[tuple[Approval, Job]]:
        return await _with_jobs(conn, ~_IS_WAITING)

    @override
    @in_transaction
    async def record_try(self, conn: AsyncConnection, job_id: JobId, channel_id: int) -> None:
        is_it = (approvals.c.job_id == job_id, approvals.c.message_id.is_(None))
        await conn.execute(update(approvals).where(*is_it).values(channel_id=channel_id))

    @override
    @in_transaction
    async def record_asked(
        self, conn: AsyncConnection, job_id: JobId, channel_id: int, message_id: int
    ) -> None:
        asked = update(approvals).where(approvals.c.job_id == job_id)
        await conn.execute(asked.values(channel_id=channel_id, message_id=message_id))

    @override
    @in_transaction
    async def close(self, conn: AsyncConnection, job_id: JobId, now: float) -> None:
        is_it = (approvals.c.job_id == job_id, _IS_OPEN)
        await conn.execute(update(approvals).where(*is_it).values(decided_at=now))

    @override
    @on_connection
    async def find(self, conn: AsyncConnection, job_id: JobId) -> Approval | None:
        return await _find(conn, job_id)

    @override
    @in_transaction
    async def decide(
        self, conn: AsyncConnection, job_id: JobId, by: int, now: float, denial: Denial | None
    ) -> Decision | None:
        """Carry out a yes, or a no with its reason; whoever comes second changes nothing."""
        await lock_account(conn)
        approval = await _find(conn, job_id)
        if approval is None:
            return None
        waits = select(jobs.c.user_id).where(jobs.c.id == job_id, _IS_WAITING, ~is_late(now))
        member = await conn.scalar(waits)
        if approval.decided_at is not None or member is None:
            return Decision(approval, is_new=False)
        decided = {"decided_at": now, "decided_by": by, "is_approved": not denial}
        it = update(approvals).where(approvals.c.job_id == job_id).values(decided)
        row = (await conn.execute(it.returning(*approvals.c))).one()
        act = Act(row.guild_id, by, ActKind.APPROVED, now, member=member, target=job_id)
        await audit.write(conn, act if denial is None else _of_no(act, denial))
        if denial is None:
            await let_go(conn, job_id, HoldKind.APPROVAL, now)
        else:
            await _deny(conn, job_id, by, now, denial)
        return Decision(_approval_of(row), is_new=True)


async def note_asked(conn: AsyncConnection, order: Order, now: float) -> None:
    """Note that a job waits for a yes, in the transaction that accepts it."""
    row = {"job_id": order.id, "guild_id": order.destination.guild_id, "asked_at": now}
    await conn.execute(approvals.insert().values(row))


def _of_no(act: Act, denial: Denial) -> Act:
    """Return the act with the reason that was chosen as what it led to, and the words written."""
    return replace(act, kind=ActKind.DENIED, after=denial.reason, reason=denial.text or None)


async def _deny(conn: AsyncConnection, job_id: JobId, by: int, now: float, denial: Denial) -> None:
    ending = denied(denial)
    ended = update(jobs).where(jobs.c.id == job_id)
    values = columns_of(ending, now) | {"cancelled_by": by}
    await refresh(conn, (await conn.execute(ended.values(values).returning(*PLACE))).all())
    await ledger.settle(conn, {job_id: ending}, now)


async def _find(conn: AsyncConnection, job_id: JobId) -> Approval | None:
    row = (await conn.execute(select(approvals).where(approvals.c.job_id == job_id))).one_or_none()
    return _approval_of(row) if row else None


async def _with_jobs(
    conn: AsyncConnection, condition: ColumnElement[bool]
) -> list[tuple[Approval, Job]]:
    """Return some of what is not decided, the oldest of each server first, with its jobs."""
    place = func.row_number().over(
        partition_by=approvals.c.guild_id, order_by=(approvals.c.asked_at, approvals.c.job_id)
    )
    open_ones = (
        select(approvals.c.job_id, approvals.c.asked_at, place.label("place"))
        .join(jobs, jobs.c.id == approvals.c.job_id)
        .where(_IS_OPEN, condition)
        .subquery()
    )
    in_turn = select(open_ones.c.job_id).order_by(open_ones.c.place, open_ones.c.asked_at)
    some = in_turn.limit(_AT_ONCE)
    found = []
    for job_id in (await conn.scalars(some)).all():
        approval = await _find(conn, JobId(job_id))
        row = (await conn.execute(select(jobs).where(jobs.c.id == job_id))).one()
        if approval is not None:
            found.append((approval, job_of(row)))
    return found


def _approval_of(row: Row[Any]) -> Approval:
    return Approval(**{name: getattr(row, name) for name in Approval.__dataclass_fields__})
