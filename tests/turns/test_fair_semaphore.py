"""The gate bounds what is inside, lets in by fair turns, and forgets nobody."""

import asyncio

import pytest

from bot.domain.jobs.fairness import Lane
from bot.turns.fair_semaphore import FairSemaphore

ADA, BOB = Lane(1, 1), Lane(2, 2)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def entering(gate: FairSemaphore, lane: Lane, *sizes: int) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(gate.enter(lane, size)) for size in sizes]


def inside(tasks: list[asyncio.Task[None]]) -> list[bool]:
    return [task.done() and not task.cancelled() for task in tasks]


async def test_so_many_and_so_much_are_let_in_at_once() -> None:
    gate = FairSemaphore(3, 100)
    tasks = entering(gate, ADA, 40, 60, 10, 10, 10)
    await settle()
    assert inside(tasks) == [True, True, False, False, False]  # no room
    gate.leave(ADA, 40)
    await settle()
    assert inside(tasks) == [True, True, True, True, False]  # room there is, but three are in
    gate.leave(ADA, 60)
    await settle()
    assert all(inside(tasks))


async def test_one_that_is_larger_than_the_room_gets_in_alone() -> None:
    gate = FairSemaphore(3, 100)
    tasks = entering(gate, ADA, 10, 500, 10)
    await settle()
    assert inside(tasks) == [True, False, False]
    gate.leave(ADA, 10)
    await settle()
    assert inside(tasks) == [True, True, False]
    gate.leave(ADA, 500)
    await settle()
    assert all(inside(tasks))


async def test_a_newcomer_is_next_while_a_flood_waits() -> None:
    gate = FairSemaphore(1)
    flood = entering(gate, ADA, *[1] * 50)
    await settle()
    [newcomer] = entering(gate, BOB, 1)
    await settle()
    assert not newcomer.done()
    gate.leave(ADA, 1)
    await settle()
    assert newcomer.done()
    assert sum(inside(flood)) == 1
    for task in flood:
        task.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


async def test_who_gives_up_leaves_no_hole_whether_waiting_or_just_let_in() -> None:
    gate = FairSemaphore(1)
    first, second, third, fourth = entering(gate, ADA, 1, 1, 1, 1)
    await settle()
    second.cancel()
    gate.leave(ADA, 1)  # the third is let in here, and gives up before it learns so
    third.cancel()
    await settle()
    assert inside([first, second, third, fourth]) == [True, False, False, True]


async def test_a_large_one_that_gives_up_at_the_head_lets_the_small_ones_pass() -> None:
    gate = FairSemaphore(3, 100)
    tasks = entering(gate, ADA, 60, 90, 10)
    await settle()
    assert inside(tasks) == [True, False, False]
    tasks[1].cancel()
    await settle()
    assert inside(tasks) == [True, False, True]


async def test_a_shut_gate_turns_away_who_waits_and_who_comes() -> None:
    gate = FairSemaphore(1)
    tasks = entering(gate, ADA, 1, 1)
    await settle()
    gate.shut(RuntimeError("shut"))
    with pytest.raises(RuntimeError, match="shut"):
        await tasks[1]
    with pytest.raises(RuntimeError, match="shut"):
        await gate.enter(BOB, 1)
    assert inside(tasks)[0]


async def test_one_member_has_so_many_inside_and_the_others_pass() -> None:
    gate = FairSemaphore(3, per_member=1)
    flood = entering(gate, ADA, 1, 1, 1)
    others = [*entering(gate, BOB, 1), *entering(gate, Lane(1, 9), 1)]
    await settle()
    assert inside(flood) == [True, False, False]
    assert inside(others) == [True, True]
    gate.leave(BOB, 1)
    await settle()
    assert inside(flood) == [True, False, False]
    gate.leave(ADA, 1)
    await settle()
    assert inside(flood) == [True, True, False]
    for task in flood:
        task.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


async def test_who_was_put_behind_waits_for_all_others_and_for_nobody_else() -> None:
    clock = 50.0
    gate = FairSemaphore(1, now=lambda: clock)
    gate.put_behind(ADA, 60.0)
    [first] = entering(gate, ADA, 1)
    await settle()
    assert first.done()  # nobody else is there
    tasks = [*entering(gate, ADA, 1), *entering(gate, BOB, 1, 1)]
    await settle()
    for leaving, expected in (
        (ADA, [False, True, False]),
        (BOB, [False, True, True]),
        (BOB, [True, True, True]),
    ):
        gate.leave(leaving, 1)
        await settle()
        assert inside(tasks) == expected


async def test_a_large_one_is_not_overtaken_by_a_small_one_that_was_put_behind() -> None:
    gate = FairSemaphore(3, 100)
    gate.put_behind(ADA, 60.0)
    there, large = entering(gate, BOB, 60, 90)
    await settle()
    [small] = entering(gate, ADA, 1)  # next by the turns alone, as Bob has had one
    await settle()
    assert inside([there, large, small]) == [True, False, False]
    gate.leave(BOB, 60)
    await settle()
    assert inside([large, small]) == [True, True]


async def test_being_put_behind_ends() -> None:
    clock = 50.0
    gate = FairSemaphore(1, now=lambda: clock)
    gate.put_behind(ADA, 60.0)
    await gate.enter(BOB, 1)
    tasks = [*entering(gate, ADA, 1), *entering(gate, Lane(4, 4), 1)]
    await settle()
    clock += 60.0
    gate.leave(BOB, 1)
    await settle()
    assert inside(tasks) == [True, False]
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
