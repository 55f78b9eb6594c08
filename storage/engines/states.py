"""Keeps which engines the account cannot use for now."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.engines.states import EngineState, Fault, Kind, prolonged, suspended
from bot.ports.engines import EngineStateStore
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.database.upsert import upsert
from storage.engines.tables import engine_states


class SqlEngineStates(Store, EngineStateStore):
    """`EngineStateStore` on SQLite and PostgreSQL."""

    @override
    @on_connection
    async def all(self, conn: AsyncConnection) -> list[EngineState]:
        rows = await conn.execute(select(engine_states))
        return [_state(row) for row in rows.mappings()]

    @override
    @in_transaction
    async def suspend(self, conn: AsyncConnection, fault: Fault, now: float) -> bool:
        """Suspend engines; True: the operator is to be told, by the caller and nobody else.

        All engines of one fault share its telling, so that one that was told of tells for all.
        """
        await lock_account(conn)
        earlier = await _of(conn, fault.engines)
        states = [suspended(earlier.get(name), fault, name, now) for name in fault.engines]
        told = [state.told_at for state in states if state.told_at is not None]
        for state in states:
            await _keep(conn, replace(state, told_at=min(told, default=now)))
        return not told

    @override
    @in_transaction
    async def prolong(
        self, conn: AsyncConnection, states: Sequence[EngineState], now: float
    ) -> int:
        count = 0
        for state in states:
            longer = prolonged(state, now)
            change = update(engine_states).where(_is_as_read(state))
            changed = change.values(since=longer.since, until=longer.until)
            count += (await conn.execute(changed)).rowcount
        return count

    @override
    @in_transaction
    async def untell(self, conn: AsyncConnection, engines: Sequence[str]) -> None:
        theirs = update(engine_states).where(engine_states.c.engine.in_(engines))
        await conn.execute(theirs.values(told_at=None))

    @override
    @in_transaction
    async def lift(self, conn: AsyncConnection, states: Sequence[EngineState]) -> int:
        count = 0
        for state in states:
            gone = delete(engine_states).where(_is_as_read(state))
            count += (await conn.execute(gone)).rowcount
        return count


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
