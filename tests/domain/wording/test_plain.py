"""Texts keep what people typed and lose what nobody can see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.wording.quoting import make_plain, plain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a fox\nin the snow\t!", "a fox\nin the snow\t!"),
        ("a\x00b\x1bc", "abc"),
        ("left \u202eright\u2066", "left right"),
        ("half \ud83d of a pair", "half  of a pair"),
        ("שלום 👩\u200d🎨 naïve e\u0301", "שלום 👩\u200d🎨 naïve e\u0301"),
    ],
)
def test_only_what_nobody_can_see_is_taken_out(typed: str, kept: str) -> None:
    assert plain(typed) == kept


@given(st.text(st.characters()))
def test_what_is_left_is_text_for_any_database_and_stays_as_it_is(typed: str) -> None:
    kept = plain(typed)
    assert "\x00" not in kept
    kept.encode()
    assert plain(kept) == kept


def test_texts_of_a_form_and_of_nested_options_are_made_plain_and_nothing_else_changes() -> None:
    data = {
        "name": "quota",
        "options": [
            {"name": "set", "options": [{"name": "images", "value": 3}, {"value": "a\x00"}]}
        ],
        "components": [{"component": {"custom_id": "prompt", "value": "b\u202e"}}],
    }
    make_plain(data)
    assert data == {
        "name": "quota",
        "options": [{"name": "set", "options": [{"name": "images", "value": 3}, {"value": "a"}]}],
        "components": [{"component": {"custom_id": "prompt", "value": "b"}}],
    }
