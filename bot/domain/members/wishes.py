"""A request as its member put it, on its way to the engine: with what their server adds to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from bot.domain.engines.choosing import choices
from bot.domain.engines.engine import Engine
from bot.domain.engines.errors import PromptTooLong
from bot.domain.engines.naming import engine_meant
from bot.domain.engines.options import style_meant
from bot.domain.engines.plans import Default, Plan
from bot.domain.errors import NotPossible
from bot.domain.jobs.job import Options
from bot.domain.members.defaults import Defaults
from bot.domain.members.errors import NoPresetEither, TooLongWithPreset
from bot.domain.members.presets import Preset, preset_named

Permit = Callable[[Plan], Plan]
"""Leaves of a plan what its member may use; raises the NotPossible that says why nothing is."""

_ANY_WORDS = "…"


# Which options of a command a default may fill; of any other command its engine.
_FILLED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "imagine": ("engine", "style", "ratio", "negative"),
        "restyle": ("engine", "style", "ratio", "negative"),
        "blend": ("engine", "ratio"),
        "tool avatar": ("engine", "style"),
    }
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for of a command: of one engine, or of the first that takes it all.

    `pictures` is how many are handed in. `preset` adds its words to the prompt; `options` are
    without them. `prefers` is the engine that comes first by default; `used` are the defaults in
    it, `passed_over` those that do not go with it.
    """

    command: str
    engine: str | None
    options: Options
    pictures: int = 0
    preset: Preset | None = None
    prefers: str | None = None
    used: tuple[Default, ...] = ()
    passed_over: tuple[Default, ...] = ()

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


def filled_by(command: str) -> tuple[str, ...]:
    """Return the options of a command that defaults fill, in their order."""
    return _FILLED.get(command, ("engine",))


def with_defaults(
    wish: Wish,
    defaults: Defaults,
    engines: Sequence[Engine],
    presets: Sequence[Preset],
    permit: Permit = lambda plan: plan,
) -> Wish:
    """Return a wish with what is set for the options that it leaves out.

    Each default counts where some engine takes it with all that came before it: what was typed,
    then the engine, the style, the ratio, the negative. The others are passed over.
    """
    for option in filled_by(wish.command):
        default = Default(option, getattr(defaults, option) or "")
        if not default.value or _is_given(wish, option) or not _is_meant(default, wish, engines):
            continue
        tried = _with(wish, default, engines, presets)
        if tried is not None and _is_possible(tried, engines, permit):
            wish = replace(tried, used=(*wish.used, default))
        else:
            wish = replace(wish, passed_over=(*wish.passed_over, default))
    return wish


def _is_given(wish: Wish, option: str) -> bool:
    if option == "engine":
        return wish.engine is not None
    has_preset = option == "style" and wish.preset is not None
    return has_preset or getattr(wish.options, option) is not None


def _is_meant(default: Default, wish: Wish, engines: Sequence[Engine]) -> bool:
    """Tell whether a default is meant for a command: a tool is done by few engines of its own."""
    is_tool = wish.command not in _FILLED or wish.command.startswith("tool ")
    return default.option != "engine" or not is_tool or _meant(default.value, engines) is not None


def _with(
    wish: Wish, default: Default, engines: Sequence[Engine], presets: Sequence[Preset]
) -> Wish | None:
    """Return a wish with one default more; None where there is nothing of that name."""
    value = default.value
    if default.option == "engine":
        engine = _meant(value, engines)
        return replace(wish, prefers=engine.name) if engine else None
    if default.option == "style" and all(style_meant(each, value) is None for each in engines):
        preset = preset_named(value, presets)
        return wish.with_preset(preset) if preset else None
    more: dict[str, Any] = {default.option: value}
    return replace(wish, options=replace(wish.options, **more))


def _candidates(wish: Wish, engines: Sequence[Engine]) -> Sequence[Engine]:
    named = wish.engine or wish.prefers
    if named is None:
        return engines
    engine = _meant(named, engines)
    return [engine] if engine else []


def _is_possible(wish: Wish, engines: Sequence[Engine], permit: Permit) -> bool:
    """Tell whether an engine takes it all that its member may use for it."""
    found = tuple(choices(_candidates(wish, engines), wish.filled, wish.pictures))
    if not found:
        return False
    try:
        permit(Plan(wish.command, found, has_uploads=wish.pictures > 0))
    except NotPossible:
        return False
    return True


def _meant(name: str, engines: Sequence[Engine]) -> Engine | None:
    return engine_meant(name, {each.name: each for each in engines})


def planned(wish: Wish, plain: Wish, plan_of: Callable[[Wish], Plan]) -> Plan:
    """Return the plan of a wish, of which `plain` is without any default.

    Raises what `plan_of` does, with what a preset has to do with it.
    """
    try:
        plan = plan_of(wish)
    except NotPossible as refused:
        raise explained(refused, wish) from refused
    first = sorted(plan.choices, key=lambda each: each.engine.name != wish.prefers)
    plan = replace(plan, choices=tuple(first), used=wish.used, passed_over=wish.passed_over)
    if wish.used:
        with suppress(NotPossible):
            plan = replace(plan, plain=plan_of(plain).choices)
    return plan


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
