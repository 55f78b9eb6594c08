"""The parts of the Edit form: each is filled in from options, and puts its value back into them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import discord
from discord import ui

from bot.domain.discord_limits import CHOICE_CHARS, CHOICES, RADIO_CHOICES, TEXT_INPUT_CHARS
from bot.domain.engines.engine import Engine
from bot.domain.engines.sizes import has_ratio, pixels
from bot.domain.jobs.job import Options
from bot.domain.wording.quoting import shortened

NONE = "easel:none"  # no style and no ratio is called that
_PROMPT, _STYLE, _RATIO, _SEED = "Prompt", "Style", "Ratio, width to height", "Keep the seed"
_ENGINE = "Engine"
_ENGINE_TAKES = "What it does not take of the other options is left out."
_NO_STYLE = "No style"
_NO_RATIO = "As the engine likes"
_SEED_KEPT = "The picture stays similar where the rest does."
_STYLES_TYPED = "One of this engine’s styles by its name, or nothing."


class Part(Protocol):
    """One part of a form; `item` is what a member sees of it."""

    item: ui.Label[Any]

    def put(self, options: Options) -> Options:
        """Return the options with what was filled in here."""


class PromptPart:
    """The words, as many as the engine takes."""

    def __init__(self, engine: Engine, options: Options, *, title: str = _PROMPT) -> None:
        most = min(engine.capabilities.prompt_max, TEXT_INPUT_CHARS)
        self._text: ui.TextInput[Any] = ui.TextInput(
            custom_id="prompt",
            style=discord.TextStyle.paragraph,
            default=shortened(options.prompt, most) or None,
            required=engine.capabilities.prompt_required,
            max_length=most,
        )
        self.item: ui.Label[Any] = ui.Label(text=title, component=self._text)

    def put(self, options: Options) -> Options:
        """Return the options with these words."""
        return replace(options, prompt=self._text.value)


class StylePart:
    """The engine's styles and the server's own; a text field where they are too many to list."""

    def __init__(
        self, styles: Mapping[str, str], options: Options, presets: Sequence[str] = ()
    ) -> None:
        offered = {NONE: _NO_STYLE, **styles, **dict.fromkeys(presets)}
        names = {value: name or value for value, name in offered.items()}
        self._list = _select("style", names, options.style or NONE)
        self._text = _typed(styles.get(options.style or "", options.style))
        self._is_typed = len(names) > CHOICES
        self.item: ui.Label[Any] = ui.Label(
            text=_STYLE,
            component=self._text if self._is_typed else self._list,
            description=_STYLES_TYPED if self._is_typed else None,
        )

    def put(self, options: Options) -> Options:
        """Return the options with this style, or none."""
        typed = self._text.value.strip() or None
        return replace(options, style=typed if self._is_typed else _chosen(self._list.values))


class RatioPart:
    """The ratios: a group of buttons where they are few, else a list."""

    def __init__(self, engine: Engine, options: Options) -> None:
        takes = engine.capabilities
        names = {} if takes.extends else {NONE: _NO_RATIO}
        names |= {ratio: ratio for ratio in takes.ratios}
        self._field: ui.RadioGroup[Any] | ui.Select[Any]
        if len(names) <= RADIO_CHOICES:
            self._field = _radio("ratio", names, options.ratio or NONE)
        else:
            self._field = _select("ratio", names, options.ratio or NONE)
        self.item: ui.Label[Any] = ui.Label(text=_RATIO, component=self._field)

    def put(self, options: Options) -> Options:
        """Return the options with this ratio; a size of another one gives way to it."""
        field = self._field
        ratio = _chosen([field.value] if isinstance(field, ui.RadioGroup) else field.values)
        sides = pixels(options.size)
        if ratio and sides and ratio != options.ratio and not has_ratio(sides, ratio):
            options = replace(options, size=None)
        return replace(options, ratio=ratio)


class SeedPart:
    """Whether the seed that was asked for stays."""

    def __init__(self) -> None:
        # The one part that Discord always sends, so that it knows no `required`.
        self._box: ui.Checkbox[Any] = ui.Checkbox(custom_id="seed", default=True)
        self.item: ui.Label[Any] = ui.Label(text=_SEED, component=self._box, description=_SEED_KEPT)

    def put(self, options: Options) -> Options:
        """Return the options with their seed, or with any."""
        return options if self._box.value else replace(options, seed=None)


class EnginePart:
    """The engines to choose from; `chosen` names the one chosen."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        names = {engine.name: engine.title for engine in engines}
        self._list = _select("engine", names, engines[0].name)
        self.item: ui.Label[Any] = ui.Label(
            text=_ENGINE, component=self._list, description=_ENGINE_TAKES
        )

    @property
    def chosen(self) -> str:
        """The name of the engine that was chosen."""
        return self._list.values[0]

    def put(self, options: Options) -> Options:
        """Return the options as they are: an engine is none of them."""
        return options


def _typed(text: str | None) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id="style", default=text or None, required=False, max_length=CHOICE_CHARS
    )


def _select(custom_id: str, names: dict[str, str], chosen: str) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=name, value=value, default=value == chosen)
        for value, name in list(names.items())[:CHOICES]
    ]
    return ui.Select(
        custom_id=custom_id, options=options, required=True, min_values=1, max_values=1
    )


def _radio(custom_id: str, names: dict[str, str], chosen: str) -> ui.RadioGroup[Any]:
    options = [
        discord.RadioGroupOption(label=name, value=value, default=value == chosen)
        for value, name in names.items()
    ]
    return ui.RadioGroup(custom_id=custom_id, options=options, required=True)


def _chosen(values: Sequence[str | None]) -> str | None:
    value = values[0] if values else None
    return None if value == NONE else value
