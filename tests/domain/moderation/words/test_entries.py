"""The entries of a word list as moderators type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotPossible
from bot.domain.moderation.errors import (
    StarBetweenWords,
    TooManyGaps,
    TooManyWords,
    WordTooLong,
    WordTooWide,
    WordWithoutLetters,
)
from bot.domain.moderation.words.entries import check_together, entries_of, key_of
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


def test_more_words_than_a_list_has_are_counted_and_not_read() -> None:
    with pytest.raises(TooManyWords, match="it would be 50000"):
        entries_of("\n".join(f"word {number}" for number in range(50_000)))
    assert entries_of("cat\ndog\n" * 50_000) == ("cat", "dog")


def test_no_word_has_what_nobody_sees_and_no_database_takes() -> None:
    assert entries_of("c\x00at, d\u202eog") == ("cat", "dog")


def test_a_word_that_is_too_long_is_named_by_its_beginning() -> None:
    with pytest.raises(WordTooLong) as raised:
        entries_of("*x" * 50_000)
    assert "is longer" in raised.value.in_chat()
    assert len(raised.value.in_chat()) < 300


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
        whole = (each.replace("*", "") for each in (entry, key_of(entry)))  # as typed, as spelled
        assert entry in set(map(WordList([entry]).find, whole))
