"""What members ask of the queue: a job taken in, a job cancelled, each in one transaction.

Quotas, reservation and row go together, under the account's mutex. A job is cancelled at once where
nothing was sent, else by a mark that its holder ends it by.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Row, Select, String, and_, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.errors import TooManyWaiting
from bot.domain.follow_ups.errors import AlreadyAtWork
from bot.domain.jobs.endings import Ending, cancelled_unsent
from bot.domain.jobs.job import Cancel, HoldKind, JobId, JobState, Order
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.operations import check_open
from bot.domain.moderation.acts import ActKind
from bot.domain.permutations.errors import PleaseConfirmAgain, RequestGone
from bot.domain.quotas.allowances import NO_LIMITS, Allowance, quota_request_of, share
from bot.ports.permutations import BatchRequests
from bot.ports.queue import Accepted, JobRequests
from storage.accounts import allowances, ledger
from storage.accounts.guild_pauses import pause_of
from storage.database.tables import (
    IS_DELAYED,
    IS_LIVE_CLAIM,
    IS_QUEUED,
    IS_WAITING_OR_RUNNING,
    jobs,
)
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.database.upsert import upsert
from storage.members import pending_requests
from storage.moderation.blocks import has_block, refusal_of
from storage.moderation.job_acts import write_for_others_job
from storage.queue.holding.approvals import Wait, note_asked
from storage.queue.lanes import PLACE, refresh, uncharge
from storage.queue.line import count_ahead, jobs_ahead
from storage.queue.rows import columns_of, row_of


class SqlRequests(Store, JobRequests, BatchRequests):
    """Accepting and cancelling for `JobRequests`, and accepting several for `BatchRequests`."""

    @override
    @in_transaction
    async def accept(
        self,
        conn: AsyncConnection,
        order: Order,
        limits: RunLimits,
        now: float,
        allowance: Allowance = NO_LIMITS,
    ) -> Accepted:
        """Take from the allowance, reserve in the ledger, insert the job; rolled back if it raises.

        The same id again is the same job. Raises QueueDrained, AlreadyAtWork, TooManyWaiting,
        Blocked, QuotaSpent or SubmittingPaused.
        """
        await lock_account(conn)
        wait = Wait(now, limits.max_wait_s, is_held=allowance.needs_approval)
        place = await _insert(conn, order, wait)
        if place is None:
            return Accepted(ahead=await count_ahead(conn, order.id), is_new=False)
        await _check_open(conn, order)
        if await _is_claimed(conn, order.destination.user_id, order.claim, but=order.id):
            raise AlreadyAtWork
        others, ahead = await _look(conn, order, wait, allowance.alias)
        if others >= limits.queued_per_user:
            raise TooManyWaiting(waiting=others, limit=limits.queued_per_user)
        taken = await allowances.take_from(conn, quota_request_of(order), allowance, now)
        await ledger.reserve(conn, order, taken.from_grant, now)
        await refresh(conn, [place])
        return Accepted(ahead=ahead, is_new=True, taken=taken)

    @override
    @on_connection
    async def is_at_work(self, conn: AsyncConnection, user_id: int, claim: str) -> bool:
        return await _is_claimed(conn, user_id, claim)

    @override
    @in_transaction
    async def accept_all(
        self,
        conn: AsyncConnection,
        request_id: str,
        orders: Sequence[Order],
        limits: RunLimits,
        now: float,
        allowance: Allowance,
        *,
        ready_at: float,
    ) -> tuple[Accepted, ...]:
        await lock_account(conn)
        if not await pending_requests.take(conn, request_id, now):
            return await _again(conn, orders)
        await _check_open(conn, orders[0])
        wait = Wait(now, limits.max_wait_s, ready_at, is_held=allowance.needs_approval)
        places = [await _insert(conn, order, wait) for order in orders]
        if None in places:
            raise PleaseConfirmAgain
        others, ahead = await _look(conn, orders[0], wait, allowance.alias)
        if others >= limits.queued_per_user:
            waiting = others - len(orders) + 1
            raise TooManyWaiting(waiting=waiting, limit=limits.queued_per_user)
        each = quota_request_of(orders[0])
        ask = replace(each, images=each.images * len(orders))
        taken = await allowances.take_from(conn, ask, allowance, now)
        each_takes = share(taken, [order.options.count for order in orders])
        for order, its in zip(orders, each_takes, strict=True):
            await ledger.reserve(conn, order, its.from_grant, now)
        await refresh(conn, filter(None, places))
        return tuple(
            Accepted(ahead=ahead + n, is_new=True, taken=its) for n, its in enumerate(each_takes)
        )

    @override
    @in_transaction
    async def show_in(self, conn: AsyncConnection, job_id: JobId, message_id: int) -> bool:
        await lock_account(conn)
        is_it = and_(jobs.c.id == job_id, IS_QUEUED, IS_DELAYED, jobs.c.message_id.is_(None))
        shown = update(jobs).where(is_it).values(message_id=message_id, ready_at=0.0)
        places = (await conn.execute(shown.returning(*PLACE))).all()
        await refresh(conn, places)
        return bool(places)

    @override
    @in_transaction
    async def cancel(
        self, conn: AsyncConnection, job_id: JobId, by: int, now: float, *, if_sent: bool
    ) -> Cancel:
        """End a job nothing was sent for; mark one at work (`if_sent`) for its holder to end.

        The conditions are part of the writes, so a `sent` in between counts.
        """
        await lock_account(conn)
        asker = await conn.scalar(select(jobs.c.user_id).where(jobs.c.id == job_id))
        if await _end_unsent(conn, job_id, cancelled_unsent(by_asker=asker == by), by, now):
            await write_for_others_job(conn, job_id, ActKind.JOB_CANCELLED, by=by, now=now)
            return Cancel.ENDED
        is_live = and_(jobs.c.id == job_id, IS_WAITING_OR_RUNNING)
        row = (await conn.execute(select(jobs.c.cancel_at).where(is_live))).one_or_none()
        if row is None:
            return Cancel.TOO_LATE
        if row.cancel_at is not None:
            return Cancel.MARKED
        if not if_sent:
            return Cancel.PAID
        mark = update(jobs).where(is_live).values(cancel_at=now, cancelled_by=by)
        if not (await conn.execute(mark)).rowcount:
            return Cancel.TOO_LATE
        await write_for_others_job(conn, job_id, ActKind.JOB_CANCELLED, by=by, now=now)
        return Cancel.MARKED


async def _is_claimed(
    conn: AsyncConnection, user_id: int, claim: str | None, but: JobId | None = None
) -> bool:
    if claim is None:
        return False
    live = select(jobs.c.id).where(IS_LIVE_CLAIM, jobs.c.user_id == user_id, jobs.c.claim == claim)
    return any(found != but for found in await conn.scalars(live))


async def _check_open(conn: AsyncConnection, order: Order) -> None:
    if order.destination.guild_id is not None:
        check_open(await pause_of(conn, order.destination.guild_id))


async def _insert(conn: AsyncConnection, order: Order, wait: Wait) -> Row[Any] | None:
    """Insert the row and return its place, None where the job exists already."""
    row = row_of(order) | {"state": JobState.QUEUED} | wait.columns()
    insert = upsert(conn, jobs).values(row).on_conflict_do_nothing(index_elements=["id"])
    place = (await conn.execute(insert.returning(*PLACE))).one_or_none()
    if place is not None and wait.is_held:
        await note_asked(conn, order, wait.since)
    return place


async def _again(conn: AsyncConnection, orders: Sequence[Order]) -> tuple[Accepted, ...]:
    """Return what an earlier try accepted whose answer was lost; raises RequestGone."""
    ids = [order.id for order in orders]
    member = orders[0].destination.user_id
    of_them = select(func.count()).where(jobs.c.id.in_(ids), jobs.c.user_id == member)
    if await conn.scalar(of_them) != len(ids):
        raise RequestGone
    return tuple([Accepted(await count_ahead(conn, each), is_new=False) for each in ids])


async def _look(
    conn: AsyncConnection, order: Order, wait: Wait, alias: int | None
) -> tuple[int, int]:
    """Return how many other jobs of the member wait as this one, and how many are ahead of it.

    Those that wait for a yes are counted by themselves, and those that moderators hold never.
    Raises Blocked: who blocks somebody holds the mutex, too, and ends what they have waiting.
    """
    to = order.destination
    values = {"of_job": order.id, "of_user": to.user_id, "of_guild": to.guild_id, "at": wait.since}
    values["of_hold"] = HoldKind.APPROVAL if wait.is_held else None
    values["of_alias"] = alias
    others, ahead, is_blocked = (await conn.execute(_counts(), values)).one()
    if is_blocked:
        raise await refusal_of(conn, to.guild_id, (to.user_id, alias), wait.since)
    return others, ahead


# Putting this statement together costs more than running it, so it is made once.
@cache
def _counts() -> Select[Any]:
    others = (
        select(func.count())
        .select_from(jobs)
        .where(
            IS_QUEUED,
            jobs.c.held_for.is_not_distinct_from(bindparam("of_hold", type_=String)),
            jobs.c.user_id == bindparam("of_user", type_=BigInteger),
            jobs.c.id != bindparam("of_job"),
        )
    )
    ahead = jobs_ahead(bindparam("of_job"))
    return select(others.scalar_subquery(), ahead.scalar_subquery(), has_block())


async def _end_unsent(
    conn: AsyncConnection, job_id: JobId, ending: Ending, by: int, now: float
) -> bool:
    """End a job whose request has not left; its holder finds its lease lost before it sends."""
    unsent = and_(jobs.c.id == job_id, IS_WAITING_OR_RUNNING, jobs.c.sent_at.is_(None))
    was_running = await conn.scalar(
        select(jobs.c.id).where(unsent, jobs.c.state == JobState.RUNNING)
    )
    ended = update(jobs).where(unsent).values(columns_of(ending, now) | {"cancelled_by": by})
    row = (await conn.execute(ended.returning(*PLACE, jobs.c.images))).one_or_none()
    if row is None:
        return False
    if was_running:
        await uncharge(conn, [row])
    else:
        await refresh(conn, [row])
    await ledger.settle(conn, {job_id: ending}, now)
    return True
