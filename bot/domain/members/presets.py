"""A server's own styles: a name that members choose, and the words that it adds to a prompt."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.engines.naming import PARTED
from bot.domain.members.errors import PresetNameUnfit, PresetWordsUnfit
from bot.domain.wording.quoting import has_visible, in_one_line

MOST_PRESETS = 20  # of a server: with “No style” and a few of an engine's they fit one select
NAME_CHARS = 32
WORDS_CHARS = 300


@dataclass(frozen=True, slots=True)
class Preset:
    """Chosen by its name in place of an engine's style."""

    name: str
    words: str

    def added_to(self, prompt: str) -> str:
        """Return a prompt with the preset's words at its end, where they do not stand already."""
        if not prompt or prompt.endswith(self.words):
            return prompt or self.words
        return f"{prompt}, {self.words}"


def preset_of(name: str, words: str) -> Preset:
    """Return a preset as it was typed; raises PresetNameUnfit or PresetWordsUnfit."""
    name, words = in_one_line(name), in_one_line(words)
    if not has_visible(name) or len(name) > NAME_CHARS or PARTED.strip() in name:
        raise PresetNameUnfit(limit=NAME_CHARS)
    if not has_visible(words) or len(words) > WORDS_CHARS:
        raise PresetWordsUnfit(limit=WORDS_CHARS)
    return Preset(name, words)


def is_name(typed: str, name: str) -> bool:
    """Tell whether a typed text is a name, in small or large letters."""
    return typed.strip().casefold() == name.casefold()


def preset_named(typed: str, presets: Iterable[Preset]) -> Preset | None:
    """Return the preset that a text names."""
    return next((each for each in presets if is_name(typed, each.name)), None)
