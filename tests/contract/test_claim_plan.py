"""The claim stays on its indexes, however many jobs wait."""

from typing import Any

from sqlalchemy import BindParameter, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement, visitors

from bot.domain.jobs import JobState
from storage import Storage
from storage.claims import Claim, statements
from storage.rows import row_of
from storage.tables import jobs
from tests.contract.orders import LIMITS, NOW, order

WAITING = 10_000


async def test_with_ten_thousand_waiting_no_statement_of_the_claim_reads_them_all(
    storage: Storage,
) -> None:
    await _fill(storage)
    claim = Claim("aiart", "w", LIMITS, NOW, NOW + 20)
    executed, values = statements(claim, priority=0, lane=order(1).destination.guild_id or 0)
    for statement in executed:
        plan = await _plan(storage, _filled(statement, values))
        assert "jobs_claimable" in plan or "jobs_first_in_lane" in plan or "jobs_paused" in plan
        walks = [step for step in plan.splitlines() if step.startswith("SCAN jobs")]
        assert all("jobs_running" in step for step in walks), plan
        assert "Seq Scan on jobs" not in plan
        assert "using jobs_in_order" not in plan


def _filled(statement: ClauseElement, values: dict[str, Any]) -> ClauseElement:
    def fill(bind: BindParameter[Any]) -> None:
        if bind.key in values:
            bind.value, bind.required = values[bind.key], False

    return visitors.cloned_traverse(statement, {}, {"bindparam": fill})


async def _fill(storage: Storage) -> None:
    waiting = {"state": JobState.QUEUED, "created_at": NOW, "ready_at": 0.0}
    rows = [
        row_of(order(number, guild=number % 20, user=number % 1_000)) | waiting
        for number in range(WAITING)
    ]
    async with storage.engine.begin() as conn:
        await conn.execute(insert(jobs), rows)
        await conn.execute(text("ANALYZE jobs"))


async def _plan(storage: Storage, statement: ClauseElement) -> str:
    is_sqlite = storage.file is not None
    dialect = sqlite.dialect() if is_sqlite else postgresql.dialect()  # type: ignore[no-untyped-call]
    sql = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    async with storage.engine.connect() as conn:
        steps = await conn.exec_driver_sql(explain + sql)
        return "".join(f"{step[-1]}\n" for step in steps)
