"""How long accepting takes, under every kind of bound, against the length of the ledger.

All its rows lie in the running month, of one member in one server: the most a sum can have to add.
"""

import time

from sqlalchemy import insert, text

from bench.claim import opened
from bench.figures import quantile, table
from bot.domain.jobs.job import Destination, Options, Order, job_id_of
from bot.domain.jobs.limits import RunLimits
from bot.domain.quotas.allowances import Allowance, LimitWindow
from bot.domain.quotas.limit_kinds import LimitKind
from storage import Storage
from storage.database.tables import ledger

_NOW = 1_801_000_000.0
_SINCE = _NOW - 30 * 86400
_LENGTHS = (100, 10_000, 100_000)
_ACCEPTED = 100
_GUILD, _USER = 10**18, 10**18 + 1
_LIMITS = RunLimits(pools={"aiart": 3}, queued_per_user=10**6)
_BOUNDS = tuple(LimitWindow(kind, 1e9, "month", _SINCE, _NOW + 86400) for kind in LimitKind)


async def main() -> None:
    """Measure on both databases and print a table."""
    rows = []
    for database in ("SQLite", "PostgreSQL"):
        async with opened(database) as storage:
            if storage is not None:
                rows.append((database, *[await _cell(storage, length) for length in _LENGTHS]))
    header = ("database", *(f"{length:,} rows" for length in _LENGTHS))
    print(table(f"accept: p50 / p99 ms over {_ACCEPTED}", header, rows))


async def _cell(storage: Storage, length: int) -> str:
    await _fill(storage, length)
    took = []
    for number in range(_ACCEPTED):
        order = _order(number + length)
        began = time.perf_counter()
        await storage.jobs.accept(order, _LIMITS, _NOW + number, Allowance(_BOUNDS))
        took.append((time.perf_counter() - began) * 1000)
    return f"{quantile(took, 0.5):.1f} / {quantile(took, 0.99):.1f}"


async def _fill(storage: Storage, length: int) -> None:
    async with storage.engine.begin() as conn:
        for name in ("jobs", "lanes", "ledger", "totals"):
            await conn.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - our own names
        rows = [_row(number, length) for number in range(length)]
        for start in range(0, length, 1_000):
            await conn.execute(insert(ledger), rows[start : start + 1_000])
        await conn.execute(text(_ADD_UP))
    async with storage.engine.connect() as conn:
        await conn.execution_options(isolation_level="AUTOCOMMIT")
        # What autovacuum does within a minute of such a load; SQLite needs no statistics here.
        if conn.dialect.name == "postgresql":
            await conn.execute(text("VACUUM ANALYZE"))


# For every guild and member together, and for each alone.
_ADD_UP = """
    INSERT INTO totals (guild_id, user_id, hour, images, from_grant, usd)
    SELECT guild_id * by_guild, user_id * by_user, CAST(created_at / 3600 - 0.5 AS BIGINT),
        SUM(images), 0, SUM(cost_usd)
    FROM ledger, (SELECT 0 AS by_guild UNION ALL SELECT 1) AS guilds,
        (SELECT 0 AS by_user UNION ALL SELECT 1) AS users
    GROUP BY 1, 2, 3
"""


def _row(number: int, length: int) -> dict[str, object]:
    # At half past each hour, so that both databases' casts give the same hour.
    hour = number * 700 // length
    return {
        "job_id": f"old{number:010}",
        "guild_id": _GUILD,
        "channel_id": 1,
        "user_id": _USER,
        "command": "restyle",
        "engine": "anime",
        "pool": "aiart",
        "state": "done",
        "reserved": 1,
        "images": 1,
        "price_usd": 0.08,
        "cost_usd": 0.08,
        "refunded": False,
        "created_at": (_SINCE // 3600 + 1 + hour) * 3600 + 1800,
        "finished_at": _NOW,
    }


def _order(number: int) -> Order:
    where = Destination(
        guild_id=_GUILD,
        channel_id=1,
        user_id=_USER,
        application_id=1,
        message_id=1,
        token="t" * 200,
        token_expires_at=0.0,
        filesize_limit=10**7,
    )
    options = Options(prompt="a fox in the snow")
    return Order(job_id_of(10**18 + number), "restyle", "anime", "aiart", options, where)
