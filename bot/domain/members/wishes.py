"""A request as its member put it, on its way to the engine: with what their server adds to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.engines.engine import Engine
from bot.domain.engines.errors import PromptTooLong
from bot.domain.engines.options import style_meant
from bot.domain.errors import NotPossible
from bot.domain.jobs.job import Options
from bot.domain.members.errors import NoPresetEither, TooLongWithPreset
from bot.domain.members.presets import Preset, preset_named

_ANY_WORDS = "…"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for of a command: of one engine, or of the first that takes it all.

    `preset` adds its words to the prompt; `options` are without them.
    """

    command: str
    engine: str | None
    options: Options
    preset: Preset | None = None

    @property
    def filled(self) -> Options:
        """The options as an engine is asked for them."""
        return replace(self.options, prompt=self.prompt_of(self.options.prompt))

    def prompt_of(self, prompt: str) -> str:
        """Return a prompt as an engine is given it."""
        return self.preset.added_to(prompt) if self.preset else prompt

    def with_preset(self, preset: Preset) -> "Wish":
        """Return the same with a preset in place of an engine's style."""
        return replace(self, options=replace(self.options, style=None), preset=preset)


def may_name_preset(wish: Wish, engines: Iterable[Engine]) -> bool:
    """Tell whether the style asked for is none of an engine's, so that a preset may be meant."""
    style = wish.options.style
    return style is not None and all(style_meant(each, style) is None for each in engines)


def as_if_preset(wish: Wish) -> Wish:
    """Return a wish as it is at best, before anybody has looked whether its preset exists."""
    return wish.with_preset(Preset(wish.options.style or "", _ANY_WORDS))


def resolved(wish: Wish, presets: Sequence[Preset]) -> Wish:
    """Return a wish whose style may be a preset's name with that preset, if there is one."""
    preset = preset_named(wish.options.style or "", presets)
    return wish.with_preset(preset) if preset else wish


def explained(refused: NotPossible, wish: Wish) -> NotPossible:
    """Return why a wish cannot be, with what a preset has to do with it."""
    if wish.preset is not None and _is_too_long(refused):
        length = len(wish.filled.prompt) - len(wish.options.prompt)
        return TooLongWithPreset(why=refused, preset=wish.preset.name, length=length)
    if wish.options.style is not None and refused.facts.get("option") == "style":
        return NoPresetEither(why=refused, style=wish.options.style)
    return refused


def _is_too_long(refused: NotPossible) -> bool:
    why = refused.facts.get("why", refused)
    return isinstance(why, PromptTooLong) and why.facts["option"] == "prompt"
