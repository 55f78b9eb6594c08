"""The claim stays on its indexes, however many jobs wait: the plans of what it really executes."""

from typing import Any

import pytest
from sqlalchemy import event, insert, select, text

from bot.domain.jobs.job import JobState
from storage import Storage
from storage.database.tables import jobs
from storage.queue.lanes import PLACE, refresh
from storage.queue.rows import row_of
from tests.contract.orders import NOW, claimed, order

WAITING = 10_000
Executed = list[tuple[str, Any]]


@pytest.mark.parametrize("guilds", [20, 1_000])
async def test_with_ten_thousand_waiting_no_statement_of_the_claim_reads_them_all(
    storage: Storage, guilds: int
) -> None:
    await _fill(storage, guilds)
    await claimed(storage)
    executed = await _executed(storage)
    plans = {statement: await _plan(storage, statement, with_) for statement, with_ in executed}
    used = "\n".join(plans.values())
    assert len(plans) == 3
    indexes = ("lanes_of_guilds", "lanes_of_members", "jobs_claimable", "jobs_queued_until")
    assert all(name in used for name in indexes)
    for statement, plan in plans.items():
        walks = [step for step in plan.splitlines() if step.startswith(("SCAN ", "SEARCH "))]
        assert not [step for step in walks if _is_walk_over_all(step)], plan
        assert not any(f"Seq Scan on {table}" in plan for table in ("jobs", "lanes")), plan
        assert "jobs_in_order" not in plan, statement


async def test_the_walk_that_the_test_above_looks_for_is_found(storage: Storage) -> None:
    await _fill(storage, 20)
    plan = await _plan(storage, "SELECT count(*) FROM jobs WHERE prompt = 'x'", ())
    assert _is_walk_over_all(plan.splitlines()[0]) or "Seq Scan on jobs" in plan


def _is_walk_over_all(step: str) -> bool:
    """Tell of a step of SQLite's plan whether it reads a table, or an index with all rows."""
    of_few = ("jobs_running", "jobs_leased", "jobs_occupying", "settings")
    is_of_table = step.startswith(("SCAN jobs", "SCAN lanes", "SCAN guild", "SCAN member"))
    return is_of_table and not any(name in step for name in of_few)


async def _executed(storage: Storage) -> Executed:
    """Return the statements of one claim with their parameters."""
    executed: Executed = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        executed.append((statement, parameters))

    event.listen(storage.engine.sync_engine, "before_cursor_execute", note)
    await claimed(storage)
    event.remove(storage.engine.sync_engine, "before_cursor_execute", note)
    return executed


async def _fill(storage: Storage, guilds: int) -> None:
    waiting = {"state": JobState.QUEUED, "created_at": NOW, "ready_at": 0.0}
    rows = [
        row_of(order(number, guild=1 + number % guilds, user=number % 1_000))
        | waiting
        | {"deadline_at": NOW + 9_000 + number}
        for number in range(WAITING)
    ]
    async with storage.engine.begin() as conn:
        await conn.execute(insert(jobs), rows)
        await refresh(conn, (await conn.execute(select(*PLACE).distinct())).all())
        if conn.dialect.name == "postgresql":  # as autovacuum does; SQLite goes without statistics
            await conn.execute(text("ANALYZE jobs, lanes"))


async def _plan(storage: Storage, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN QUERY PLAN " if storage.file is not None else "EXPLAIN "
    async with storage.engine.connect() as conn:
        steps = await conn.exec_driver_sql(explain + statement, parameters)
        return "".join(f"{step[-1]}\n" for step in steps)
