"""Packages: how long they are good, what they are called, how they are used up."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.packages import Package, names_of, share_out

LAST = date(2027, 11, 1)


def test_a_package_is_good_until_its_last_day_ends() -> None:
    assert Package("aiart", 50, LAST).expires_at == datetime(2027, 11, 2, tzinfo=UTC).timestamp()


def test_two_packages_of_the_same_kind_are_two() -> None:
    listed = [Package("aiart", 50, LAST), Package("vod", 5, LAST), Package("aiart", 20, LAST)]
    assert list(names_of(listed)) == [
        "aiart until 2027-11-01",
        "vod until 2027-11-01",
        "aiart until 2027-11-01 (2)",
    ]


@given(st.integers(0, 20), st.lists(st.integers(1, 5)))
def test_packages_are_used_up_in_their_order(pictures: int, left: list[int]) -> None:
    named = [(str(number), amount) for number, amount in enumerate(left)]
    shares = share_out(pictures, named)
    assert sum(shares.values()) == min(pictures, sum(left))
    used_up = [name for name, amount in named if shares.get(name) == amount]
    assert all(name in used_up for name in list(shares)[:-1])
