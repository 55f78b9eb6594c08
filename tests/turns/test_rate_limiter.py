"""No window of one second ever sees more requests than the limit."""

import secrets
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ports.engines import RateLimits
from bot.turns.rate_limiter import RateLimiter, SharedRateLimiter
from storage import open_storage


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


@given(
    idle=st.lists(st.floats(min_value=0, max_value=2), min_size=1, max_size=60),
    rate=st.integers(min_value=1, max_value=30),
)
async def test_any_second_holds_at_most_the_limit(idle: list[float], rate: int) -> None:
    time, sent = Time(), list[float]()
    limiter = RateLimiter(rate, clock=time, sleep=time.sleep)
    for pause in idle:
        time.at += pause
        await limiter.turn()
        sent.append(time.at)
    for start in sent:
        assert sum(start <= at < start + 1 for at in sent) <= rate


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def turns(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RateLimits]:
    folder = tmp_path_factory.mktemp("paces")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'easel.db')}"
    async with open_storage(url, folder) as storage:
        yield storage.rate_limits


@settings(max_examples=12, deadline=None)
@given(
    late=st.lists(st.floats(min_value=0, max_value=0.2), min_size=30, max_size=60),
    rate=st.integers(min_value=1, max_value=30),
)
@pytest.mark.asyncio(loop_scope="module")
async def test_a_process_that_wakes_up_too_late_does_not_meet_those_behind_it(
    turns: RateLimits, late: list[float], rate: int
) -> None:
    time, sent, delays = Time(), list[float](), iter(late)
    slept = 0

    async def sleep(seconds: float) -> None:
        nonlocal slept
        slept += 1
        time.at += seconds + (next(delays, 0.0) if slept % 4 else 0.0)

    limiter = SharedRateLimiter(turns, secrets.token_hex(8), rate, now=time, sleep=sleep)
    for _ in range(60):
        await limiter.turn()
        sent.append(time.at)
    for start in sent:
        assert sum(start <= at < start + 1 for at in sent) <= rate


@pytest.mark.asyncio(loop_scope="module")
async def test_a_process_that_is_always_late_comes_to_its_turn_all_the_same(
    turns: RateLimits,
) -> None:
    time = Time()

    async def sleep(seconds: float) -> None:
        time.at += seconds + 10

    limiter = SharedRateLimiter(turns, "create", 20, now=time, sleep=sleep)
    started = time.at
    for _ in range(3):
        await limiter.turn()
    assert time.at - started <= 3 * 11


async def test_a_lone_request_does_not_wait() -> None:
    time = Time()
    limiter = RateLimiter(20, clock=time, sleep=time.sleep)
    await limiter.turn()
    assert time.at == 100.0
    time.at += 1
    await limiter.turn()
    assert time.at == 101.0
