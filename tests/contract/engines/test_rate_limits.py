"""Turns of a limit of requests per second: one line of them for every process on a database."""

import asyncio
from pathlib import Path

import pytest

from bot.turns.rate_limiter import SharedRateLimiter
from storage import Storage, open_storage
from tests.contract.orders import NOW

INTERVAL_S = 0.25  # exact in binary


async def test_turns_follow_each_other_at_the_interval(storage: Storage) -> None:
    turns = [await storage.rate_limits.take("create", INTERVAL_S, NOW) for _ in range(4)]
    assert turns == [NOW, NOW + 0.25, NOW + 0.5, NOW + 0.75]


async def test_after_a_break_a_turn_is_at_once(storage: Storage) -> None:
    await storage.rate_limits.take("create", INTERVAL_S, NOW)
    assert await storage.rate_limits.take("create", INTERVAL_S, NOW + 100) == NOW + 100


async def test_limits_do_not_wait_for_each_other(storage: Storage) -> None:
    await storage.rate_limits.take("create", INTERVAL_S, NOW)
    assert await storage.rate_limits.take("describe", INTERVAL_S, NOW) == NOW


async def test_a_clock_that_was_an_hour_ahead_stops_nobody(storage: Storage) -> None:
    await storage.rate_limits.take("create", INTERVAL_S, NOW + 3600)
    assert await storage.rate_limits.take("create", INTERVAL_S, NOW) == NOW
    assert await storage.rate_limits.take("create", INTERVAL_S, NOW) == NOW + INTERVAL_S


async def test_two_connections_never_get_the_same_turn(
    storage: Storage, url: str, tmp_path: Path
) -> None:
    async with open_storage(url, tmp_path / "other") as other:
        takers = [
            each.rate_limits.take("create", INTERVAL_S, NOW) for each in (storage, other) * 20
        ]
        turns = await asyncio.gather(*takers)
    assert sorted(turns) == [NOW + INTERVAL_S * number for number in range(40)]


@pytest.mark.parametrize("off_s", [0.0, 0.004])
async def test_two_processes_keep_one_rate_together(
    storage: Storage, url: str, tmp_path: Path, off_s: float
) -> None:
    """Each process waits for its turns by its own clock; `off_s` is how far theirs differ."""
    left: list[float] = []
    at = NOW

    def limiter(of: Storage, ahead_s: float) -> SharedRateLimiter:
        async def sleep(seconds: float) -> None:
            left.append(at + seconds)

        return SharedRateLimiter(
            of.rate_limits, "create", 20, now=lambda: at + ahead_s, sleep=sleep
        )

    async with open_storage(url, tmp_path / "other") as other:
        limiters = (limiter(storage, 0.0), limiter(other, off_s))
        for number in range(60):
            await limiters[number % 2].turn()
    assert len(left) >= 59  # the first one leaves without a wait
    for start in left:
        assert sum(start <= one < start + 1 for one in left) <= 20
