"""The entries of a word list as moderators type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotPossible
from bot.domain.moderation.errors import (
    StarBetweenWords,
    TooManyGaps,
    WordTooLong,
    WordTooWide,
    WordWithoutLetters,
)
from bot.domain.moderation.words.entries import check_together, entries_of
from bot.domain.moderation.words.word_list import WordList


def test_words_stand_in_lines_or_between_commas_and_count_once() -> None:
    typed = "\ufeffcat, Dog\r\n\n  bad   cat ;*porn*,CAT\n"
    assert entries_of(typed) == ("cat", "Dog", "bad cat", "*porn*")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("x" * 101, WordTooLong),
        ("cat, !!!", WordWithoutLetters),
        ("*", WordWithoutLetters),
        ("*a*", WordTooWide),
        ("bad c*t", StarBetweenWords),
    ],
)
def test_what_is_no_word_is_named(typed: str, error: type[NotPossible]) -> None:
    with pytest.raises(error):
        entries_of(typed)


def test_only_so_many_words_have_a_star_inside() -> None:
    check_together([f"c*t{number}" for number in range(100)])
    with pytest.raises(TooManyGaps):
        check_together([f"c*t{number}" for number in range(101)])


@given(typed=st.text(max_size=200))
def test_whatever_is_taken_can_be_looked_for_and_finds_itself(typed: str) -> None:
    try:
        entries = entries_of(typed)
    except NotPossible:
        return
    for entry in entries:
        assert WordList([entry]).find(entry.replace("*", "")) == entry
