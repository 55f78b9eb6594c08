"""Lists in a message: as many lines as there is room for, and how many are left out."""

from hypothesis import given
from hypothesis import strategies as st

from cogs.views.fitting import and_more_of_many, as_long_as_fits, fitting

LINES = ["one", "two", "three", "four"]


def test_a_list_with_room_is_shown_whole() -> None:
    assert fitting(LINES, 200) == LINES


def test_what_has_no_room_is_counted_with_what_was_left_out_before() -> None:
    room = len("-# and 1000000 more\n") + len("one\ntwo\n")
    assert fitting(LINES, room) == ["one", "two", "-# and 2 more"]
    assert fitting(LINES, room, more=5) == ["one", "two", "-# and 7 more"]


def test_a_list_that_was_cut_before_says_so_though_all_of_it_is_shown() -> None:
    assert fitting(LINES, 200, more=3) == [*LINES, "-# and 3 more"]


def test_where_nobody_knows_how_many_there_are_no_number_is_told() -> None:
    assert fitting(LINES, 200, more=1, rest=and_more_of_many) == [*LINES, "-# and more"]


def test_texts_are_as_long_as_all_of_them_have_room_for() -> None:
    def cut(text: str, most: int) -> str:
        return text[:most]

    assert as_long_as_fits(LINES, cut, (5, 3, 1), 16) == LINES
    assert as_long_as_fits(LINES, cut, (5, 3, 1), 13) == ["one", "two", "thr", "fou"]
    assert as_long_as_fits(LINES, cut, (5, 3, 1), 4) == ["o", "t", "t", "f"]
    assert as_long_as_fits([], cut, (5, 3, 1), 0) == []


def test_who_has_all_of_them_is_said() -> None:
    shown = fitting(LINES, 200, more=1, rest=lambda more: f"-# and {more} more; look there")
    assert shown[-1] == "-# and 1 more; look there"


@given(
    st.lists(st.text(max_size=60), max_size=40),
    st.integers(40, 400),
    st.integers(0, 999_999),
)
def test_whatever_the_lines_are_they_stay_in_order_and_in_their_room(
    lines: list[str], room: int, more: int
) -> None:
    shown = fitting(lines, room, more)
    assert len("\n".join(shown)) <= room
    if more or shown != lines:
        *kept, rest = shown
        assert kept == lines[: len(kept)]
        assert rest == f"-# and {more + len(lines) - len(kept)} more"
