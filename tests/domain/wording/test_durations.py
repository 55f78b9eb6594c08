"""Lengths of time as people write them."""

import pytest

from bot.domain.wording.durations import seconds_of


@pytest.mark.parametrize(("text", "seconds"), [("90m", 5400), ("6h", 21600), ("30d", 2592000)])
def test_durations_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "30", "d", "-3d", "3 days", "1.5h"])
def test_other_durations_are_refused_with_the_form(text: str) -> None:
    with pytest.raises(ValueError, match="30d"):
        seconds_of(text)
