"""Writes the ledger, and its totals by the hour, where jobs are accepted and end.

In between the job's own row tells how it stands. Totals are derived: whoever writes a row of the
ledger adds the difference, in the same transaction and in the hour the row was created in, so a
refund goes back to where it was taken, and no count reads all rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Row,
    ScalarSelect,
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import JobId, JobState, Order
from bot.domain.quotas.limit_kinds import Counted
from storage.accounts import packages
from storage.database.tables import jobs, ledger, totals
from storage.database.upsert import upsert_on


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
    await _add_to_totals(conn, [Change(to.guild_id, to.user_id, now, *counted)])


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
    await _add_to_totals(conn, [_change(row, its_close) for row, its_close in changes])


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


HOUR_S = 3600
_ALL = 0  # stands for every guild, or every member
_KEY = ("guild_id", "user_id", "hour")
_SUMS = ("images", "from_grant", "usd", "assumed_usd")
_GUILD = bindparam("of_guild", type_=BigInteger)
USER = bindparam("of_user", type_=BigInteger)
# What the same member used before they were erased stands under it.
ALIAS = bindparam("of_alias", type_=BigInteger)


_Sums = tuple[int, int, float, float]


@dataclass(frozen=True, slots=True)
class Change:
    """What a row of the ledger counts from now on, less what it counted before."""

    guild_id: int | None
    user_id: int
    created_at: float
    images: int
    from_grant: int
    usd: float
    assumed_usd: float

    def added_to(self, sums: "_Sums") -> "_Sums":
        """Return sums with this in them."""
        images, from_grant, usd, assumed = sums
        added = images + self.images, from_grant + self.from_grant, usd + self.usd
        return *added, assumed + self.assumed_usd


async def _add_to_totals(conn: AsyncConnection, changes: Iterable[Change]) -> None:
    """Add to the totals of the account, the guilds and the members."""
    sums: dict[tuple[int, int, int], _Sums] = defaultdict(lambda: (0, 0, 0.0, 0.0))
    for change in changes:
        for key in _keys(change):
            sums[key] = change.added_to(sums[key])
    # Sorted, so that no two transactions wait for each other's rows.
    rows = [dict(zip(_KEY + _SUMS, key + sums[key], strict=True)) for key in sorted(sums)]
    if rows:
        await conn.execute(_add(conn.dialect.name), rows)


def _keys(change: Change) -> set[tuple[int, int, int]]:
    hour = int(change.created_at // HOUR_S)
    guilds = (_ALL, change.guild_id or _ALL)
    return {(guild_id, user_id, hour) for guild_id in guilds for user_id in (_ALL, change.user_id)}


@cache
def _add(dialect: str) -> postgresql.Insert:
    row = upsert_on(dialect, totals)
    new = {name: totals.c[name] + row.excluded[name] for name in _SUMS}
    return row.on_conflict_do_update(index_elements=_KEY, set_=new)


def total(
    counted: Counted, what: ColumnElement[int] | ColumnElement[float], hour: BindParameter[int]
) -> ScalarSelect[int | float]:
    """Return in a query what was counted from the beginning of an hour on."""
    whose = {
        Counted.MEMBER_HERE: (_GUILD, (USER, ALIAS)),
        Counted.MEMBER: (_ALL, (USER, ALIAS)),
        Counted.GUILD: (_GUILD, (_ALL,)),
        Counted.ACCOUNT: (_ALL, (_ALL,)),
    }
    guild, users = whose[counted]
    rows = and_(totals.c.guild_id == guild, totals.c.user_id.in_(users), totals.c.hour >= hour)
    return select(func.coalesce(func.sum(what), 0)).where(rows).scalar_subquery()


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
