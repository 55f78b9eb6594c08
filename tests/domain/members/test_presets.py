"""A server's own styles: what their names and words may be, and what they do to a prompt."""

import pytest

from bot.domain.members.errors import PresetNameUnfit, PresetWordsUnfit
from bot.domain.members.presets import Preset, preset_named, preset_of


@pytest.mark.parametrize(
    ("prompt", "given"),
    [
        ("a cat", "a cat, in ink"),
        ("", "in ink"),
        ("a cat, in ink", "a cat, in ink"),
    ],
)
def test_its_words_stand_once_at_the_end_of_a_prompt(prompt: str, given: str) -> None:
    assert Preset("Ink", "in ink").added_to(prompt) == given


def test_what_was_typed_becomes_one_line() -> None:
    assert preset_of(" Our\n look ", "in  ink") == Preset("Our look", "in ink")
    assert preset_of("n" * 32, "w" * 300) == Preset("n" * 32, "w" * 300)


@pytest.mark.parametrize("name", ["", " ", "\u200b", "n" * 33, "a · b"])
def test_a_name_that_nobody_could_choose_is_refused(name: str) -> None:
    with pytest.raises(PresetNameUnfit, match="1 to 32 characters"):
        preset_of(name, "words")


@pytest.mark.parametrize("words", ["", "\u2800", "w" * 301])
def test_words_that_say_nothing_or_too_much_are_refused(words: str) -> None:
    with pytest.raises(PresetWordsUnfit, match="1 to 300 characters"):
        preset_of("name", words)


def test_a_preset_is_found_in_any_letters() -> None:
    presets = (Preset("Ink", "a"), Preset("ÄRMEL", "b"))
    assert preset_named(" ärmel ", presets) == presets[1]
    assert preset_named("in", presets) is None
