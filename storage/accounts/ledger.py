"""Writes the ledger inside the transactions that accept and end jobs: reserve, settle or refund.

In between the job's own row tells how it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Row, ScalarSelect, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import JobId, JobState, Order
from storage.accounts import packages, totals
from storage.accounts.totals import Change
from storage.database.tables import jobs, ledger


async def reserve(conn: AsyncConnection, order: Order, from_grant: int, now: float) -> None:
    """Open the row of an accepted job; its pictures and their price count from here on."""
    to, count = order.destination, order.options.count
    assumed_usd = count * order.assumed_usd
    await conn.execute(
        insert(ledger).values(
            job_id=order.id,
            guild_id=to.guild_id,
            channel_id=to.channel_id,
            user_id=to.user_id,
            command=order.command,
            engine=order.engine,
            pool=order.pool,
            state=JobState.QUEUED,
            reserved=count,
            images=count,
            price_usd=order.price_usd,
            assumed_usd=assumed_usd,
            from_grant=from_grant,
            cost_usd=0.0,
            refunded=False,
            created_at=now,
        )
    )
    counted = (count, from_grant, count * order.price_usd, assumed_usd)
    await totals.add(conn, [Change(to.guild_id, to.user_id, now, *counted)])


async def settle(conn: AsyncConnection, endings: Mapping[JobId, Ending], now: float) -> None:
    """Close rows: what was used stays counted, the rest of the reservation is given back.

    Granted pictures are given back first. What a package of the account holds costs nothing.
    At most once in a transaction, as its last step: then no two wait for each other's rows.
    """
    if not endings:
        return
    opened = select(*_OPENED).where(ledger.c.job_id.in_(endings)).order_by(ledger.c.created_at)
    rows: Sequence[Row[Any]] = (await conn.execute(opened)).all()
    bills = {row.job_id: await _bill(conn, row, endings[row.job_id], now) for row in rows}
    closed = [_closed(row, endings[row.job_id], bills[row.job_id], now) for row in rows]
    await conn.execute(_CLOSE, closed)
    changes = zip(rows, closed, strict=True)
    await totals.add(conn, [_change(row, its_close) for row, its_close in changes])


@dataclass(frozen=True, slots=True)
class _Bill:
    cost_usd: float
    assumed_usd: float = 0.0
    prepaid: int = 0
    package: str | None = None


async def _bill(conn: AsyncConnection, row: Row[Any], ending: Ending, now: float) -> _Bill:
    """Return what an end costs when the packages of its pool are used up first.

    What is assumed for pictures of unknown price follows the cost: a package's are not counted.
    """
    if not ending.billed:
        return _Bill(ending.cost_usd)
    prepaid, package = await packages.draw(conn, row.pool, ending.billed, now)
    payable = ending.billed - prepaid
    cost_usd = ending.cost_usd * payable / ending.billed
    return _Bill(cost_usd, row.assumed_usd * payable / row.reserved, prepaid, package)


def _closed(row: Row[Any], ending: Ending, bill: _Bill, now: float) -> dict[str, Any]:
    given_back = row.reserved - ending.images
    return {
        "ended_id": row.job_id,
        "answer_id": ending.request_id,
        "state": ending.state,
        "images": ending.images,
        "from_grant": max(row.from_grant - given_back, 0),
        "cost_usd": bill.cost_usd,
        "assumed_usd": bill.assumed_usd,
        "prepaid": bill.prepaid,
        "package": bill.package,
        "refunded": ending.refunded,
        "error_code": ending.error_code,
        "finished_at": now,
    }


def _change(row: Row[Any], closed: Mapping[str, Any]) -> Change:
    return Change(
        guild_id=row.guild_id,
        user_id=row.user_id,
        created_at=row.created_at,
        images=closed["images"] - row.images,
        from_grant=closed["from_grant"] - row.from_grant,
        usd=closed["cost_usd"] - row.reserved * row.price_usd,
        assumed_usd=closed["assumed_usd"] - row.assumed_usd,
    )


def its_job(column: Column[Any]) -> ScalarSelect[Any]:
    """Return what the job of a ledger row says, null once that is pruned."""
    return select(column).where(jobs.c.id == ledger.c.job_id).scalar_subquery()


_OPENED: tuple[Column[Any], ...] = (
    ledger.c.job_id,
    ledger.c.pool,
    ledger.c.guild_id,
    ledger.c.user_id,
    ledger.c.reserved,
    ledger.c.images,
    ledger.c.from_grant,
    ledger.c.price_usd,
    ledger.c.assumed_usd,
    ledger.c.created_at,
)
_CLOSE = (
    update(ledger)
    .where(ledger.c.job_id == bindparam("ended_id"))
    .values(
        request_id=func.coalesce(bindparam("answer_id"), its_job(jobs.c.request_id)),
        started_at=its_job(jobs.c.started_at),
    )
)
