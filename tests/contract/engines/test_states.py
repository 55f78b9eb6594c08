"""Suspended engines: one telling for all processes, and what waited is refunded."""

import asyncio
from dataclasses import replace

from bot.domain.engines.states import Fault, Kind
from bot.domain.jobs.job import JobState
from storage import Storage
from tests.contract.orders import NOW, accept, claimed, order, why_of

ARREARS = Fault(("anime", "lite"), Kind.PAUSED, "ResourceUnavailable.InArrears", "req-1")


async def test_a_fault_suspends_all_its_engines_and_one_of_many_tells(storage: Storage) -> None:
    told = await asyncio.gather(*(storage.engine_states.suspend(ARREARS, NOW) for _ in range(5)))
    assert sorted(told) == [False] * 4 + [True]
    states = await storage.engine_states.all()
    assert {
        state.engine: (state.kind, state.code, state.until) for state in states
    } == dict.fromkeys(("anime", "lite"), (Kind.PAUSED, ARREARS.code, NOW + 600))


async def test_the_same_cause_at_a_neighbour_is_not_told_again(storage: Storage) -> None:
    assert await storage.engine_states.suspend(ARREARS, NOW)
    assert not await storage.engine_states.suspend(ARREARS, NOW + 601)
    await storage.engine_states.untell(["anime", "lite"])
    assert await storage.engine_states.suspend(ARREARS, NOW + 602)


async def test_a_lifted_fault_that_comes_back_starts_anew(storage: Storage) -> None:
    await storage.engine_states.suspend(ARREARS, NOW)
    seen = await storage.engine_states.all()
    assert await storage.engine_states.lift(seen) == 2
    assert await storage.engine_states.all() == []
    assert await storage.engine_states.suspend(ARREARS, NOW + 700)
    assert {state.until for state in await storage.engine_states.all()} == {NOW + 1300}


async def test_a_fault_that_came_back_since_it_was_read_is_not_lifted(storage: Storage) -> None:
    await storage.engine_states.suspend(ARREARS, NOW)
    seen = await storage.engine_states.all()
    await storage.engine_states.suspend(replace(ARREARS, engines=("anime",)), NOW + 601)
    assert await storage.engine_states.lift(seen) == 1
    [left] = await storage.engine_states.all()
    assert (left.engine, left.since) == ("anime", NOW + 601)


async def test_a_pause_is_prolonged_once_by_whoever_asked_first(storage: Storage) -> None:
    fault = replace(ARREARS, addresses={"anime": "https://here ap-singapore"})
    assert await storage.engine_states.suspend(fault, NOW)
    seen = await storage.engine_states.all()
    now = NOW + 580
    counts = [await storage.engine_states.prolong(seen, now) for _ in range(2)]
    assert counts == [2, 0]
    states = {state.engine: state for state in await storage.engine_states.all()}
    times = {(state.since, state.until, state.told_at) for state in states.values()}
    assert times == {(NOW + 600, NOW + 1800, NOW)}
    assert (states["anime"].address, states["lite"].address) == ("https://here ap-singapore", "")


async def test_what_waits_unsent_for_the_engine_is_refunded_and_nothing_else(
    storage: Storage,
) -> None:
    await accept(storage, *(order(number, user=number) for number in range(1, 4)))
    running, lease = await claimed(storage)
    task, other = await claimed(storage)
    await storage.jobs.record_sent(other, NOW)
    await storage.jobs.record_task(other, "task-1")
    assert await storage.jobs.requeue(other, NOW + 200)
    await accept(storage, replace(order(9, user=9), engine="gg-3.0"))
    await storage.engine_states.suspend(ARREARS, NOW)
    [state, _] = sorted(await storage.engine_states.all(), key=lambda each: each.engine)
    assert await storage.jobs.end_waiting(state, NOW + 100) == 1
    assert await storage.jobs.end_waiting(state, NOW + 100) == 0
    rows = {row.job_id: row for row in await storage.usage.rows(0.0)}
    ended = [row for row in rows.values() if row.state == JobState.FAILED]
    assert {(row.error_code, row.refunded, row.cost_usd) for row in ended} == {
        (ARREARS.code, True, 0.0)
    }
    left = [rows[each].state for each in (running.id, task.id, order(9).id)]
    assert left == [JobState.RUNNING, JobState.QUEUED, JobState.QUEUED]
    assert await storage.jobs.record_sent(lease, NOW + 101)
    notice = await storage.jobs.claim_delivery("w", NOW + 102, 20.0)
    assert notice is not None
    assert "not available right now" in why_of(notice)
