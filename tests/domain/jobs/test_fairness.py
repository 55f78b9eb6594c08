"""Whose turn is next: the guild and member that had the least, then who came first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.jobs.fairness import FairLine, Lane, VirtualTimes

ADA, BOB, CEM = Lane(1, 1), Lane(1, 2), Lane(2, 3)
lanes = st.builds(Lane, st.integers(1, 4), st.integers(1, 4))


def popped(line: FairLine[str]) -> list[str]:
    found = []
    while line:
        found.append(line.first())
        assert line.pop() == found[-1]
    return found


def test_one_lane_is_first_come_first_served() -> None:
    line = FairLine[str]()
    for name in "abc":
        line.push(ADA, name, 1)
    assert popped(line) == ["a", "b", "c"]


def test_another_guild_is_next_after_a_flood_and_then_by_turns() -> None:
    line = FairLine[str]()
    for number in range(4):
        line.push(ADA, f"flood {number}", 1)
    assert line.pop() == "flood 0"
    line.push(CEM, "first", 1)
    line.push(CEM, "second", 1)
    assert popped(line) == ["first", "flood 1", "second", "flood 2", "flood 3"]


def test_members_of_a_guild_take_turns() -> None:
    line = FairLine[str]()
    for number in range(3):
        line.push(ADA, f"Ada {number}", 1)
    line.push(BOB, "Bob", 1)
    assert popped(line) == ["Ada 0", "Bob", "Ada 1", "Ada 2"]


def test_what_costs_more_lets_others_come_more_often() -> None:
    line = FairLine[str]()
    for number in range(2):
        line.push(ADA, f"large {number}", 3)
    for number in range(4):
        line.push(CEM, f"small {number}", 1)
    assert popped(line) == ["large 0", "small 0", "small 1", "small 2", "large 1", "small 3"]


def test_who_stayed_away_has_saved_up_nothing() -> None:
    times = VirtualTimes()
    for _ in range(100):
        times.charge(ADA, 1)
    times.charge(CEM, 1)
    assert times.of(CEM.guild_or_channel) == 100


def test_who_leaves_the_line_is_passed_over_and_nobody_else() -> None:
    line = FairLine[str]()
    line.push(ADA, "a", 1)
    line.push(BOB, "b", 1)
    line.discard(ADA, "a")
    line.discard(ADA, "a")
    line.discard(CEM, "never came")
    assert popped(line) == ["b"]
    with pytest.raises(LookupError):
        line.pop()


@given(st.lists(st.tuples(lanes, st.integers(1, 5)), max_size=60))
def test_everybody_gets_one_turn_and_each_lane_keeps_its_order(
    pushed: list[tuple[Lane, int]],
) -> None:
    line = FairLine[tuple[Lane, int]]()
    for number, (lane, cost) in enumerate(pushed):
        line.push(lane, (lane, number), cost)
    found = []
    while line:
        found.append(line.pop())
    assert sorted(number for _, number in found) == list(range(len(pushed)))
    for lane in {lane for lane, _ in found}:
        mine = [number for other, number in found if other == lane]
        assert mine == sorted(mine)


@given(st.integers(2, 5), st.integers(3, 12), st.integers(1, 9))
def test_no_busy_guild_is_ever_more_than_one_turn_behind_another(
    guilds: int, each: int, flood: int
) -> None:
    line = FairLine[int]()
    for guild in range(1, guilds + 1):
        for number in range(each * (flood if guild == 1 else 1)):
            line.push(Lane(guild, number % 3 + 1), guild, 1)
    had = dict.fromkeys(range(1, guilds + 1), 0)
    for _ in range(each * guilds):
        had[line.pop()] += 1
        assert max(had.values()) - min(had.values()) <= 1
