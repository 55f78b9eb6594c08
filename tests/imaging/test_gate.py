"""The gate bounds what is inside, lets in by fair turns, and forgets nobody."""

import asyncio

import pytest

from bot.domain.fairness import Lane
from bot.imaging.gate import Gate

ADA, BOB = Lane(1, 1), Lane(2, 2)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def entering(gate: Gate, lane: Lane, *sizes: int) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(gate.enter(lane, size)) for size in sizes]


def inside(tasks: list[asyncio.Task[None]]) -> list[bool]:
    return [task.done() and not task.cancelled() for task in tasks]


async def test_so_many_and_so_much_are_let_in_at_once() -> None:
    gate = Gate(3, 100)
    tasks = entering(gate, ADA, 40, 60, 10, 10, 10)
    await settle()
    assert inside(tasks) == [True, True, False, False, False]  # no room
    gate.leave(40)
    await settle()
    assert inside(tasks) == [True, True, True, True, False]  # room there is, but three are in
    gate.leave(60)
    await settle()
    assert all(inside(tasks))


async def test_one_that_is_larger_than_the_room_gets_in_alone() -> None:
    gate = Gate(3, 100)
    tasks = entering(gate, ADA, 10, 500, 10)
    await settle()
    assert inside(tasks) == [True, False, False]
    gate.leave(10)
    await settle()
    assert inside(tasks) == [True, True, False]
    gate.leave(500)
    await settle()
    assert all(inside(tasks))


async def test_a_newcomer_is_next_while_a_flood_waits() -> None:
    gate = Gate(1)
    flood = entering(gate, ADA, *[1] * 50)
    await settle()
    [newcomer] = entering(gate, BOB, 1)
    await settle()
    assert not newcomer.done()
    gate.leave(1)
    await settle()
    assert newcomer.done()
    assert sum(inside(flood)) == 1
    for task in flood:
        task.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


async def test_who_gives_up_leaves_no_hole_whether_waiting_or_just_let_in() -> None:
    gate = Gate(1)
    first, second, third, fourth = entering(gate, ADA, 1, 1, 1, 1)
    await settle()
    second.cancel()
    gate.leave(1)  # the third is let in here, and gives up before it learns so
    third.cancel()
    await settle()
    assert inside([first, second, third, fourth]) == [True, False, False, True]


async def test_a_large_one_that_gives_up_at_the_head_lets_the_small_ones_pass() -> None:
    gate = Gate(3, 100)
    tasks = entering(gate, ADA, 60, 90, 10)
    await settle()
    assert inside(tasks) == [True, False, False]
    tasks[1].cancel()
    await settle()
    assert inside(tasks) == [True, False, True]


async def test_a_shut_gate_turns_away_who_waits_and_who_comes() -> None:
    gate = Gate(1)
    tasks = entering(gate, ADA, 1, 1)
    await settle()
    gate.shut(RuntimeError("shut"))
    with pytest.raises(RuntimeError, match="shut"):
        await tasks[1]
    with pytest.raises(RuntimeError, match="shut"):
        await gate.enter(BOB, 1)
    assert inside(tasks)[0]
