"""Packages: how long they are good, what they are called, how they are used up."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quotas.packages import Package, PackageEnd, PackageUse, names_of, share_out

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


DAY_S = 86_400.0
END = 1_800_000_000.0
LOW, EXPIRING = PackageEnd.LOW, PackageEnd.EXPIRING


@pytest.mark.parametrize(
    ("images", "used", "days_left", "endings"),
    [
        (50, 39, 15, ()),
        (50, 40, 15, (LOW,)),
        (50, 50, 3, (LOW,)),
        (50, 0, 14, (EXPIRING,)),
        (50, 45, 14, (LOW, EXPIRING)),
        (50, 0, 14.1, ()),
        (50, 45, 0, ()),
        (4, 3, 99, ()),
        (4, 4, 99, (LOW,)),
        (10, 12, 99, (LOW,)),
    ],
)
def test_a_package_is_told_of_at_a_fifth_and_two_weeks_before_it_ends(
    images: int, used: int, days_left: float, endings: tuple[PackageEnd, ...]
) -> None:
    use = PackageUse("aiart until 2027-01-14", images, used, END)
    assert use.endings(END - days_left * DAY_S) == endings
