"""A transaction that began also ends, whoever stopped waiting for it."""

import asyncio

import pytest

from storage.database.transactions import run_to_completion


async def test_a_cancelled_caller_waits_until_the_transaction_has_ended() -> None:
    may_end = asyncio.Event()
    steps: list[str] = []

    async def transaction() -> None:
        steps.append("begun")
        await may_end.wait()
        steps.append("committed")

    caller = asyncio.create_task(run_to_completion(transaction()))
    await asyncio.sleep(0.01)
    caller.cancel()
    await asyncio.sleep(0.01)
    assert not caller.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert steps == ["begun", "committed"]


async def test_answers_and_errors_pass_through() -> None:
    async def divide(by: int) -> float:
        return 1 / by

    assert await run_to_completion(divide(2)) == 0.5
    with pytest.raises(ZeroDivisionError):
        await run_to_completion(divide(0))


async def test_a_caller_cancelled_again_and_again_still_lets_the_work_end() -> None:
    go_on, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        ended.set()

    caller = asyncio.create_task(run_to_completion(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        caller.cancel()
        await asyncio.sleep(0)
    assert not caller.done()
    go_on.set()
    await asyncio.wait({caller})
    assert caller.cancelled()
    assert ended.is_set()
