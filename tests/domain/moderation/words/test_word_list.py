"""Which words of a list a text has, however it was typed; and which it has not."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.errors import NotPossible
from bot.domain.moderation.words.entries import entries_of
from bot.domain.moderation.words.word_list import WordList
from tests.domain.moderation.words.samples import EVASIONS, INNOCENT, WORDS

LIST = WordList(WORDS)
ASCII = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=3, max_size=12)


def test_the_samples_are_as_many_as_was_promised() -> None:
    assert len(EVASIONS) >= 50
    assert len(set().union(*INNOCENT.values())) >= 200
    assert len(INNOCENT) >= 6


@pytest.mark.parametrize("typed", EVASIONS)
@pytest.mark.parametrize("around", ["{}", "a picture of {}, in oil", "Ein Bild: {}\nbitte"])
def test_a_word_is_found_however_it_is_typed(typed: str, around: str) -> None:
    assert LIST.find(around.format(typed)) == EVASIONS[typed]


@pytest.mark.parametrize(
    "typed", ["ᑎ\u144c\u15eaE", "nμde", "пude", "п\u03c5de", "nu/de", "nu\\de", "n/ude", "NU/DE,"]
)
def test_letters_typed_for_others_and_slashes_hide_no_word(typed: str) -> None:
    assert WordList(["nude"]).find(f"a {typed} in oil") == "nude"


def test_two_words_beside_a_slash_and_words_of_other_alphabets_are_no_others() -> None:
    listed = WordList(["*cat*", "nude", "redblue", "kym"])
    for text in ("topic/atlas", "red/blue", "нюанс", "пиде на куми", "λόγος και πνεύμα", "ᐃᓄᒃᑎᑐᑦ"):
        assert listed.find(text) is None


@pytest.mark.parametrize("language", INNOCENT)
def test_innocent_words_are_not_found(language: str) -> None:
    assert {word: LIST.find(word) for word in INNOCENT[language] if LIST.find(word)} == {}


@pytest.mark.parametrize("language", INNOCENT)
def test_innocent_words_are_not_found_side_by_side(language: str) -> None:
    for between in (" ", ", ", "\n", "-", "/"):
        assert LIST.find(between.join(INNOCENT[language])) is None


def test_a_plain_word_stands_whole_and_a_star_stands_for_letters() -> None:
    for word, found, not_found in (
        ("cat", ("cat", "a cat.", "CAT!"), ("cats", "tomcat", "concatenate")),
        ("cat*", ("cat", "cats", "catalogue"), ("tomcat", "concatenate")),
        ("*cat", ("cat", "tomcat"), ("cats", "concatenate")),
        ("*cat*", ("cat", "cats", "tomcat", "concatenate"), ("c at",)),
        ("c*t", ("cat", "ct", "cut", "contact"), ("cats", "acts", "c at")),
        ("*c*t*", ("concatenated", "cat"), ("tac", "c. t")),
        ("bad cat", ("a bad cat", "BAD,  cat"), ("bad cats", "cat bad", "badcat")),
    ):
        listed = WordList([word])
        assert [text for text in found if listed.find(text) != word] == []
        assert [text for text in not_found if listed.find(text)] == []


@pytest.mark.parametrize(
    "typed",
    [
        "k1ll yourself",
        "kill y0ur$elf",
        "k i l l yourself",
        "k.i.l.l y.o.u.r.s.e.l.f",
        "k\u0456ll y0urself",
    ],
)
def test_a_phrase_is_found_however_its_words_are_typed(typed: str) -> None:
    listed = WordList(["kill yourself"])
    assert listed.find(f"a sign: {typed}, on a wall") == "kill yourself"
    assert listed.find("skill yourself, kill 1 yourself, killyourself") is None


PIECES = st.lists(st.text("ab", min_size=2, max_size=3), min_size=2, max_size=4)
STAR = st.sampled_from(["", "*"])
TOKENS = st.lists(st.text("ab", min_size=2, max_size=9), min_size=1, max_size=4)


@given(pieces=PIECES, tokens=TOKENS, begins=STAR, ends=STAR)
def test_pieces_between_stars_follow_one_another_in_one_word(
    pieces: list[str], tokens: list[str], begins: str, ends: str
) -> None:
    text = " ".join(tokens)
    assume("aaa" not in text and "bbb" not in text)  # those are read in other ways, too
    word = f"{begins}{'*'.join(pieces)}{ends}"
    meant = re.compile(word.replace("*", ".*"))
    assert (WordList([word]).find(text) == word) == any(map(meant.fullmatch, tokens))


def test_which_of_many_words_with_stars_inside_it_was_is_told() -> None:
    listed = WordList([f"c*t{chr(ord('a') + number)}" for number in range(20)])
    assert listed.find("a ctc, a cat") == "c*tc"


def test_an_empty_list_finds_nothing() -> None:
    assert WordList().find("anything at all") is None


@given(word=ASCII, before=st.text(max_size=20), after=st.text(max_size=20))
def test_a_word_between_spaces_is_found_whatever_stands_around_it(
    word: str, before: str, after: str
) -> None:
    assert WordList([word]).find(f"{before} {word} {after}") == word


@given(text=st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert LIST.find(text) in {None, *WORDS}


@given(word=st.text(min_size=1, max_size=30))
def test_any_word_that_can_be_listed_is_found(word: str) -> None:
    assert WordList([word]).find(f"a {word} b") in {None, word}
    try:
        entries = entries_of(word)
    except NotPossible:
        return
    plain = [entry for entry in entries if "*" not in entry]
    assert [WordList([entry]).find(f"a {entry} b") for entry in plain] == plain
