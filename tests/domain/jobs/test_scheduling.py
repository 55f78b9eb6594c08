"""Pauses and spans."""

import pytest

from bot.domain.jobs.scheduling import pause_s
from bot.domain.wording.durations import seconds_of


def test_pauses_double_and_stop_growing() -> None:
    assert [pause_s(tries) for tries in (1, 2, 3, 20)] == [2.0, 4.0, 8.0, 300.0]


@pytest.mark.parametrize(("text", "seconds"), [("90m", 5400), ("6h", 21600), ("30d", 2592000)])
def test_spans_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "30", "d", "-3d", "3 days", "1.5h"])
def test_other_spans_are_refused_with_the_form(text: str) -> None:
    with pytest.raises(ValueError, match="30d"):
        seconds_of(text)
