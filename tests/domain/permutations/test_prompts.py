"""Prompts with choices: what they stand for, what stays text, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.permutations.errors import (
    EmptyChoice,
    FarTooManyChoices,
    NestedChoices,
    TooManyChoices,
)
from bot.domain.permutations.prompts import MOST_PICTURES, prompts_of

words = st.text("abc xyz\n", min_size=1, max_size=8)
anything = st.text(r"ab {},\ " + "\n", max_size=30)


@pytest.mark.parametrize(
    ("prompt", "prompts"),
    [
        ("{red,blue} cat", ("red cat", "blue cat")),
        ("a {red, blue} cat", ("a red cat", "a blue cat")),
        ("{a,b} {c,d}", ("a c", "a d", "b c", "b d")),
        ("{a,b}{c,d}", ("ac", "ad", "bc", "bd")),
        ("a {,very} old tree", ("a old tree", "a very old tree")),
        (r"{one\, two,three}", ("one, two", "three")),
        (r"{a\{1\},b}", ("a{1}", "b")),
    ],
)
def test_a_group_of_choices_makes_one_prompt_for_each(
    prompt: str, prompts: tuple[str, ...]
) -> None:
    assert prompts_of(prompt) == prompts


@pytest.mark.parametrize(
    "prompt",
    ["a {red} cat", "a {red cat", "a red} cat", "{}", "}{", "a, b and c", "x \\ y", "two\nlines"],
)
def test_braces_without_a_choice_stay_text(prompt: str) -> None:
    assert prompts_of(prompt) == (prompt,)


def test_line_breaks_stay_where_they_were_typed() -> None:
    prompt = "a {red,blue} cat\nwith {a hat,} \n\nin  ink\n"
    assert prompts_of(prompt) == (
        "a red cat\nwith a hat\n\nin ink",
        "a red cat\nwith\n\nin ink",
        "a blue cat\nwith a hat\n\nin ink",
        "a blue cat\nwith\n\nin ink",
    )


@pytest.mark.parametrize("prompt", ["{,a}", "{a, }", " {,a}{ ,b} \n"])
def test_a_choice_that_leaves_no_words_is_refused_as_that(prompt: str) -> None:
    with pytest.raises(EmptyChoice):
        prompts_of(prompt)


def test_an_escaped_brace_is_a_brace() -> None:
    assert prompts_of(r"\{red,blue\} cat") == ("{red,blue} cat",)
    assert prompts_of(r"\{ {a,b} \}") == ("{ a }", "{ b }")


def test_the_same_choice_twice_is_paid_once() -> None:
    assert prompts_of("{a,b,a}") == ("a", "b")


@pytest.mark.parametrize("prompt", ["{a,{b,c}}", "{{a,b},c}", "{a,b{c}"])
def test_choices_within_choices_are_refused(prompt: str) -> None:
    with pytest.raises(NestedChoices, match=r"“\{red,blue\}”"):
        prompts_of(prompt)


@pytest.mark.parametrize(
    ("prompt", "each", "asked"),
    [("{1,2,3,4,5,6,7,8,9,10,11}", 1, 11), ("{a,b,c} {d,e,f,g}", 1, 12), ("{a,b}", 6, 12)],
)
def test_more_than_ten_pictures_in_all_are_refused_with_their_number(
    prompt: str, each: int, asked: int
) -> None:
    with pytest.raises(TooManyChoices, match=f"{asked} pictures; at most 10"):
        prompts_of(prompt, each=each)


@pytest.mark.parametrize("prompt", ["{,}" * 1333, "{a,b,c}" * 20, "{a,b}" * 14])
def test_choices_whose_number_nobody_would_read_are_refused_without_it(prompt: str) -> None:
    with pytest.raises(FarTooManyChoices) as refused:
        prompts_of(prompt)
    assert [word for word in str(refused.value).split() if word.isdigit()] == ["10"]


def test_ten_are_possible_and_a_plain_prompt_is_no_matter_of_choices() -> None:
    assert len(prompts_of("{1,2,3,4,5}", each=2)) == 5
    assert prompts_of("a cat", each=11) == ("a cat",)


@given(st.lists(st.lists(words, min_size=1, max_size=3), min_size=1, max_size=3))
def test_every_combination_is_there_once_and_nothing_else(groups: list[list[str]]) -> None:
    prompt = " ".join("{" + ",".join(group) + "}" for group in groups)
    try:
        found = prompts_of(prompt)
    except (TooManyChoices, EmptyChoice):
        return
    assert len(found) == len(set(found)) <= MOST_PICTURES
    if all(len(group) > 1 for group in groups):
        for one in found:
            assert all(any(tidy(word) in tidy(one) for word in group) for group in groups)


def tidy(text: str) -> str:
    return " ".join(text.split())


@given(anything)
def test_whatever_is_typed_is_a_few_prompts_or_a_refusal(prompt: str) -> None:
    try:
        found = prompts_of(prompt)
    except (NestedChoices, TooManyChoices, FarTooManyChoices, EmptyChoice):
        return
    assert 1 <= len(found) <= MOST_PICTURES
    assert len(set(found)) == len(found)


@given(st.text(max_size=40).filter(lambda text: "{" not in text and "\\" not in text))
def test_a_prompt_without_braces_is_left_as_it_is(prompt: str) -> None:
    assert prompts_of(prompt) == (prompt,)
