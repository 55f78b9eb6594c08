"""Keeps running totals of the ledger by the hour, so that no count reads all of its rows.

They are derived from `ledger`: whoever writes a row there adds the difference here, in the same
transaction and in the hour the row was created in, so a refund goes back to where it was taken.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    ScalarSelect,
    and_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.quotas.limit_kinds import Counted
from storage.database.tables import totals
from storage.database.upsert import upsert_on

HOUR_S = 3600
_ALL = 0  # stands for every guild, or every member
_KEY = ("guild_id", "user_id", "hour")
_SUMS = ("images", "from_grant", "usd", "assumed_usd")
_GUILD = bindparam("of_guild", type_=BigInteger)
_USER = bindparam("of_user", type_=BigInteger)


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


async def add(conn: AsyncConnection, changes: Iterable[Change]) -> None:
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
        Counted.MEMBER_HERE: (_GUILD, _USER),
        Counted.MEMBER: (_ALL, _USER),
        Counted.GUILD: (_GUILD, _ALL),
        Counted.ACCOUNT: (_ALL, _ALL),
    }
    guild, user = whose[counted]
    rows = and_(totals.c.guild_id == guild, totals.c.user_id == user, totals.c.hour >= hour)
    return select(func.coalesce(func.sum(what), 0)).where(rows).scalar_subquery()
