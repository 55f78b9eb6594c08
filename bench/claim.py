"""Measures one claim against the length of the queue, on SQLite and on PostgreSQL.

Ten jobs wait per member (the default limit) in 20 guilds; beside it the worst shape, a guild for
every ten jobs. The claim is timed alone; the job then ends, so that a place is free again.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, select, text

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import Destination, JobState, Lease, Options, Order, job_id_of
from bot.domain.jobs.limits import RunLimits
from storage import Storage, open_storage
from storage.database.tables import jobs, ledger
from storage.queue.lanes import PLACE, refresh
from storage.queue.rows import row_of
from tests.contract.postgres import create_database, running_cluster

NOW = 1_800_000_000.0
LENGTHS = (10, 1_000, 10_000, 100_000)
GUILDS = 20
PER_MEMBER = 10
CLAIMS = 200
LIMITS = RunLimits(pools={"aiart": 3}, per_guild=2, per_user=1)


async def main() -> None:
    table = Table(title=f"one claim, p50 / p99 ms over {CLAIMS} claims")
    for heading in (
        "database",
        "guilds",
        *(f"{length:,} waiting" for length in LENGTHS),
        "x 10,000",
    ):
        table.add_column(heading, justify="right")
    for database in ("SQLite", "PostgreSQL"):
        async for row in _rows(database):
            table.add_row(database, *row)
    Console(width=120).print(table)


async def _rows(database: str) -> AsyncIterator[list[str]]:
    for shape in ("20", "one per ten jobs"):
        times = []
        async with opened(database) as storage:
            if storage is None:
                return
            for length in LENGTHS:
                guilds = GUILDS if shape == "20" else max(length // PER_MEMBER, 1)
                times.append(await _time_claims(storage, length, guilds))
        cells = [f"{p50:.2f} / {p99:.2f}" for p50, p99 in times]
        yield [shape, *cells, f"{times[2][0] / times[0][0]:.2f}"]


@asynccontextmanager
async def opened(database: str) -> AsyncIterator[Storage | None]:
    """Yield an empty storage of that kind, None where there is no PostgreSQL server."""
    with tempfile.TemporaryDirectory() as folder, running_cluster() as server:
        url: str | None = f"sqlite:///{folder}/easel.db"
        if database == "PostgreSQL":
            url = await create_database(server, "easel_bench") if server else None
        if url is None:
            yield None
            return
        async with open_storage(url, Path(folder)) as storage:
            yield storage


async def _fill(storage: Storage, length: int, guilds: int) -> None:
    rows = [row_of(_order(number, guilds, length)) for number in range(length)]
    queued = {"state": JobState.QUEUED, "ready_at": 0.0, "attempt": 0, "deliveries": 0}
    async with storage.engine.begin() as conn:
        for name in ("jobs", "ledger", "lanes"):
            await conn.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - our own names
        for start in range(0, length, 1_000):
            part = [
                row
                | queued
                | {"created_at": NOW + start + number, "deadline_at": NOW + 1e6 + start + number}
                for number, row in enumerate(rows[start : start + 1_000])
            ]
            await conn.execute(insert(jobs), part)
            await conn.execute(insert(ledger), [_ledger_row(row) for row in part])
        await refresh(conn, (await conn.execute(select(*PLACE).distinct())).all())
    async with storage.engine.connect() as conn:
        await conn.execution_options(isolation_level="AUTOCOMMIT")
        # What autovacuum does within a minute of such a load; SQLite needs no statistics here.
        if conn.dialect.name == "postgresql":
            await conn.execute(text("VACUUM ANALYZE"))


def _order(number: int, guilds: int, length: int) -> Order:
    member = number % max(length // PER_MEMBER, guilds)
    where = Destination(
        guild_id=10**18 + member % guilds,
        channel_id=1,
        user_id=10**18 + 10**6 + member,
        application_id=1,
        message_id=1,
        token="t" * 200,
        token_expires_at=NOW,
        filesize_limit=10**7,
    )
    options = Options(prompt="a fox in the snow " * 10)
    return Order(job_id_of(10**18 + number), "restyle", "anime", "aiart", options, where)


def _ledger_row(row: dict[str, Any]) -> dict[str, object]:
    shared = {name: row[name] for name in ("guild_id", "channel_id", "user_id", "command")}
    return shared | {
        "job_id": row["id"],
        "engine": row["engine"],
        "pool": row["pool"],
        "state": row["state"],
        "reserved": 1,
        "images": 1,
        "cost_usd": 0.0,
        "refunded": False,
        "created_at": row["created_at"],
    }


async def _time_claims(storage: Storage, length: int, guilds: int) -> tuple[float, float]:
    """Return p50 and p99 of claims that took a job; a short queue is filled again and again."""
    times: list[float] = []
    while len(times) < CLAIMS:
        await _fill(storage, length, guilds)
        times += await _drain(storage, CLAIMS - len(times))
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.99)]


async def _drain(storage: Storage, most: int) -> list[float]:
    """Claim until nothing waits, at most so often; a job ends when its place is needed."""
    held: list[Lease] = []
    times: list[float] = []
    while len(times) < most:
        now = NOW + 200_000 + len(times)
        started = time.perf_counter()
        job = await storage.jobs.claim_next("aiart", "w", LIMITS, now, 1e6)
        took = (time.perf_counter() - started) * 1_000
        if job is not None:
            times.append(took)
            held.append(Lease(job.id, "w", job.attempt))
        elif not held:
            break
        if len(held) == 3 or job is None:
            await storage.jobs.end(held.pop(0), Ending(JobState.FAILED), now)
    return times


if __name__ == "__main__":
    asyncio.run(main())
