"""Counts what the ledger says of an allowance, and takes from it inside `accept`.

Live rows count what they reserved. Rows count in the period they were created in, so a refund
goes back to the period it was taken from. Whole hours are read off the running totals; rows are
only read of the hour that a period begins in, where a time zone is off by minutes.
"""

import math
from dataclasses import replace
from functools import cache
from operator import add
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Integer,
    Select,
    bindparam,
    case,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.quotas.allowances import (
    REFUSAL_SPAN_S,
    REFUSALS,
    Allowance,
    Counts,
    QuotaRequest,
    Taken,
    take,
)
from bot.domain.quotas.limit_kinds import Counted, LimitKind
from storage.accounts import warnings
from storage.accounts.ledger import ALIAS, HOUR_S, USER, total
from storage.database.tables import IS_GRANTED, IS_REFUSED, grants, ledger, totals

_SPENT_USD = case(
    (ledger.c.finished_at.is_(None), ledger.c.reserved * ledger.c.price_usd),
    else_=ledger.c.cost_usd,
)
_USD_DIGITS = 9  # no price is given to more
_OWN_IMAGES = ledger.c.images - ledger.c.from_grant


async def take_from(
    conn: AsyncConnection, ask: QuotaRequest, allowance: Allowance, now: float
) -> Taken:
    """Decide whether an ask holds, and keep what is warned of; raises QuotaSpent and its likes.

    Exact only under the account's mutex.
    """
    if allowance.has_no_limits:
        return Taken()
    taken = take(ask, allowance, await count(conn, ask, allowance, now), now)
    first = [use for use in taken.nearing if await warnings.note(conn, ask.guild_id, use.window)]
    return replace(taken, nearing=tuple(first))


async def count(
    conn: AsyncConnection, ask: QuotaRequest, allowance: Allowance, now: float
) -> Counts:
    """Count what is used of each window, what is left of grants, and the latest refusals."""
    alias = ask.user_id if allowance.alias is None else allowance.alias
    values: dict[str, Any] = {
        "of_guild": ask.guild_id,
        "of_user": ask.user_id,
        "of_alias": alias,
    }
    for number, window in enumerate(allowance.windows):
        values |= {
            f"since_{number}": window.since,
            f"hour_{number}": math.ceil(window.since / HOUR_S),
        }
    look = _sums(tuple(window.kind for window in allowance.windows))
    granted, *sums = (await conn.execute(look, values)).one()
    known = [_exact(each) for each in sums[: len(allowance.windows)]]
    of_money = iter(sums[len(allowance.windows) :])
    assumed = tuple(
        _exact(next(of_money)) if b.kind.traits.is_money else 0.0 for b in allowance.windows
    )
    used = tuple(map(add, known, assumed))
    refused_at = (
        await _refused_at(conn, (ask.user_id, alias), now) if allowance.watches_refusals else ()
    )
    return Counts(used, max(int(granted), 0), refused_at, assumed if any(assumed) else ())


def _exact(summed: float) -> float:
    """Return a sum without what adding and taking away dollars leaves behind of them."""
    return round(float(summed), _USD_DIGITS) + 0.0  # and no minus before a zero


# Putting a statement together costs more than running it, so each shape is made once.
@cache
def _sums(kinds: tuple[LimitKind, ...]) -> Select[Any]:
    """Return a statement for granted pictures, what is used of each, and assumed of the money."""
    used = [_used(kind, number) for number, kind in enumerate(kinds)]
    of_money = [(kind, number) for number, kind in enumerate(kinds) if kind.traits.is_money]
    assumed = [_sum(*each, ledger.c.assumed_usd, totals.c.assumed_usd) for each in of_money]
    return select(_granted(), *used, *assumed)


def _used(kind: LimitKind, number: int) -> ColumnElement[Any]:
    """Return pictures, or the dollars of known prices."""
    if kind.traits.is_money:
        return _sum(kind, number, _SPENT_USD, totals.c.usd)
    if kind.traits.takes_grants:
        return _sum(kind, number, _OWN_IMAGES, totals.c.images - totals.c.from_grant)
    return _sum(kind, number, ledger.c.images, totals.c.images)


def _sum(
    kind: LimitKind, number: int, of_row: ColumnElement[Any], of_total: ColumnElement[Any]
) -> ColumnElement[Any]:
    since = bindparam(f"since_{number}", type_=Double)
    hour = bindparam(f"hour_{number}", type_=Integer)
    before = select(func.coalesce(func.sum(of_row), 0)).where(
        ledger.c.created_at >= since,
        ledger.c.created_at < hour * float(HOUR_S),
        *_rows_of(kind.traits.counts),
    )
    return before.scalar_subquery() + total(kind.traits.counts, of_total, hour)


def _rows_of(counted: Counted) -> tuple[ColumnElement[bool], ...]:
    is_guild = ledger.c.guild_id == bindparam("of_guild", type_=BigInteger)
    is_member = ledger.c.user_id.in_((USER, ALIAS))
    rows = {
        Counted.MEMBER_HERE: (is_member, is_guild),
        Counted.MEMBER: (is_member,),
        Counted.GUILD: (is_guild,),
        Counted.ACCOUNT: (),
    }
    return rows[counted]


def _granted() -> ColumnElement[int]:
    """Return granted pictures less those taken; unlike quotas, grants know no period."""
    is_here = _rows_of(Counted.MEMBER_HERE)
    taken = select(func.coalesce(func.sum(ledger.c.from_grant), 0)).where(*is_here, IS_GRANTED)
    given = select(func.coalesce(func.sum(grants.c.images), 0)).where(
        grants.c.user_id.in_((USER, ALIAS)),
        grants.c.guild_id == bindparam("of_guild", type_=BigInteger),
    )
    return given.scalar_subquery() - taken.scalar_subquery()


async def _refused_at(
    conn: AsyncConnection, user_ids: tuple[int, int], now: float
) -> tuple[float, ...]:
    """Return when review refused a member's latest requests, newest first."""
    refused = select(ledger.c.finished_at).where(
        ledger.c.user_id.in_(user_ids),
        IS_REFUSED,
        ledger.c.finished_at > now - 2 * REFUSAL_SPAN_S,
    )
    latest = refused.order_by(ledger.c.finished_at.desc()).limit(REFUSALS)
    return tuple(await conn.scalars(latest))
