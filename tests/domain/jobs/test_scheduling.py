"""How long a job waits before it is tried again, and a pool where the API has no place."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.jobs.scheduling import pause_s, pool_pause_s


def test_pauses_double_and_stop_growing() -> None:
    assert [pause_s(tries) for tries in (1, 2, 3, 20)] == [2.0, 4.0, 8.0, 300.0]


def test_the_told_time_doubles_while_it_repeats_up_to_a_minute() -> None:
    assert [pool_pause_s(5.0, times) for times in (1, 2, 3, 4, 5, 6)] == [5, 10, 20, 40, 60, 60]


def test_a_told_time_over_a_minute_is_kept_to() -> None:
    assert pool_pause_s(90.0, 3) == 90.0


@given(st.floats(0.1, 600), st.integers(1, 10_000))
def test_a_rest_is_never_shorter_than_told_nor_longer_than_it_must(
    told_s: float, times: int
) -> None:
    assert told_s <= pool_pause_s(told_s, times) <= max(told_s, 60.0)
