"""Keeps which engines the account cannot use for now, and ends the jobs that wait for them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.engines.states import EngineState, Fault, Kind, prolonged, suspended
from bot.domain.jobs.endings import failed
from storage.database.tables import IS_QUEUED, engine_states, jobs
from storage.database.upsert import upsert
from storage.database.whole import whole
from storage.queue.lanes import lock_account
from storage.queue.leases import EXPIRED_AT_ONCE, end_all


class SqlEngineStates:
    """`EngineStateStore` on SQLite and PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @whole
    async def all(self) -> list[EngineState]:
        """Return every state, also those whose pause is over and that nothing lifted yet."""
        async with self._engine.connect() as conn:
            rows = await conn.execute(select(engine_states))
            return [_state(row) for row in rows.mappings()]

    @whole
    async def suspend(self, fault: Fault, now: float) -> bool:
        """Suspend engines; True: the operator is to be told, by the caller and nobody else.

        All engines of one fault share its telling, so that one that was told of tells for all.
        """
        async with self._engine.begin() as conn:
            await lock_account(conn)
            earlier = await _of(conn, fault.engines)
            states = [suspended(earlier.get(name), fault, name, now) for name in fault.engines]
            told = [state.told_at for state in states if state.told_at is not None]
            for state in states:
                await _keep(conn, replace(state, told_at=min(told, default=now)))
            return not told

    @whole
    async def prolong(self, states: Sequence[EngineState], now: float) -> int:
        """Prolong these states, as they were read; returns how many had not changed since."""
        count = 0
        async with self._engine.begin() as conn:
            for state in states:
                longer = prolonged(state, now)
                change = update(engine_states).where(_is_as_read(state))
                changed = change.values(since=longer.since, until=longer.until)
                count += (await conn.execute(changed)).rowcount
        return count

    @whole
    async def untell(self, engines: Sequence[str]) -> None:
        """Note that the telling failed: the next fault tells again."""
        theirs = update(engine_states).where(engine_states.c.engine.in_(engines))
        async with self._engine.begin() as conn:
            await conn.execute(theirs.values(told_at=None))

    @whole
    async def lift(self, states: Sequence[EngineState]) -> int:
        """Forget these states, as they were read; returns how many had not changed since."""
        count = 0
        async with self._engine.begin() as conn:
            for state in states:
                gone = delete(engine_states).where(_is_as_read(state))
                count += (await conn.execute(gone)).rowcount
        return count

    @whole
    async def end_waiting(self, state: EngineState, now: float) -> int:
        """Refund and end a batch of jobs that wait for the engine, unsent; returns how many."""
        is_waiting = and_(IS_QUEUED, jobs.c.engine == state.engine, jobs.c.sent_at.is_(None))
        oldest = select(jobs.c.id).where(is_waiting).order_by(jobs.c.created_at)
        condition = and_(IS_QUEUED, jobs.c.id.in_(oldest.limit(EXPIRED_AT_ONCE)))
        async with self._engine.begin() as conn:
            await lock_account(conn)
            return await end_all(conn, condition, lambda job: failed(job, state.error()), now)


def _is_as_read(state: EngineState) -> ColumnElement[bool]:
    """Match a state that no process has changed since it was read."""
    return and_(
        engine_states.c.engine == state.engine,
        engine_states.c.code == state.code,
        engine_states.c.until == state.until,
    )


async def _of(conn: AsyncConnection, engines: Sequence[str]) -> dict[str, EngineState]:
    kept = select(engine_states).where(engine_states.c.engine.in_(engines))
    rows = (await conn.execute(kept)).mappings()
    return {row["engine"]: _state(row) for row in rows}


async def _keep(conn: AsyncConnection, state: EngineState) -> None:
    values = asdict(state)
    row = upsert(conn, engine_states).values(values)
    changed = {name: row.excluded[name] for name in values if name != "engine"}
    await conn.execute(row.on_conflict_do_update(index_elements=["engine"], set_=changed))


def _state(row: Mapping[Any, Any]) -> EngineState:
    return EngineState(**{**row, "kind": Kind(row["kind"])})
