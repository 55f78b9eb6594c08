"""No window of one second ever sees more requests than the limit."""

from hypothesis import given
from hypothesis import strategies as st

from bot.turns.rate_limiter import RateLimiter, SharedRateLimiter


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
    pace = RateLimiter(rate, clock=time, sleep=time.sleep)
    for pause in idle:
        time.at += pause
        await pace.turn()
        sent.append(time.at)
    for start in sent:
        assert sum(start <= at < start + 1 for at in sent) <= rate


class Line:
    """Turns for all, in memory."""

    def __init__(self) -> None:
        self.next_at = 0.0

    async def take(self, name: str, interval_s: float, now: float) -> float:
        assert name == "create"
        at = max(now, self.next_at)
        self.next_at = at + interval_s
        return at


@given(
    late=st.lists(st.floats(min_value=0, max_value=0.2), min_size=30, max_size=60),
    rate=st.integers(min_value=1, max_value=30),
)
async def test_a_process_that_wakes_up_too_late_does_not_meet_those_behind_it(
    late: list[float], rate: int
) -> None:
    time, sent, delays = Time(), list[float](), iter(late)
    slept = 0

    async def sleep(seconds: float) -> None:
        nonlocal slept
        slept += 1
        time.at += seconds + (next(delays, 0.0) if slept % 4 else 0.0)

    pace = SharedRateLimiter(Line(), "create", rate, now=time, sleep=sleep)
    for _ in range(60):
        await pace.turn()
        sent.append(time.at)
    for start in sent:
        assert sum(start <= at < start + 1 for at in sent) <= rate


async def test_a_process_that_is_always_late_comes_to_its_turn_all_the_same() -> None:
    time = Time()

    async def sleep(seconds: float) -> None:
        time.at += seconds + 10

    pace = SharedRateLimiter(Line(), "create", 20, now=time, sleep=sleep)
    started = time.at
    for _ in range(3):
        await pace.turn()
    assert time.at - started <= 3 * 11


async def test_a_lone_request_does_not_wait() -> None:
    time = Time()
    pace = RateLimiter(20, clock=time, sleep=time.sleep)
    await pace.turn()
    assert time.at == 100.0
    time.at += 1
    await pace.turn()
    assert time.at == 101.0
