"""The catalogue: which engines there are, what each takes, and which one a command uses."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.errors import (
    EngineOff,
    NoEngine,
    OptionNotOffered,
    OptionOutOfRange,
    PromptMissing,
    PromptTooLong,
    UnknownEngine,
)
from bot.domain.jobs import Wishes
from bot.domain.limits import PictureLimits


@dataclass(frozen=True, slots=True)
class Takes:
    """What an engine's API accepts; lengths in characters, empty or zero means "not offered"."""

    commands: tuple[str, ...]
    prompt_max: int
    prompt_required: bool = False
    negative_max: int = 0
    styles: Mapping[str, str] = field(default_factory=dict)
    ratios: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    references: int = 0
    strength: bool = False
    seed: bool = False
    count_max: int = 1
    enhance: bool = False
    faces_max: int = 0
    picture: PictureLimits = field(default_factory=PictureLimits)

    def offered(self) -> dict[str, bool]:
        """Tell for every optional wish whether it is taken, in the order of the slash command."""
        return {
            "style": bool(self.styles),
            "strength": self.strength,
            "negative": self.negative_max > 0,
            "ratio": bool(self.ratios),
            "size": bool(self.sizes),
            "seed": self.seed,
            "count": self.count_max > 1,
            "enhance": self.enhance,
            "faces": self.faces_max > 0,
        }


@dataclass(frozen=True, slots=True)
class Engine:
    """One choice of the `engine` option; `price_usd` is per picture, 0 = unknown."""

    name: str
    provider: str
    pool: str
    takes: Takes
    action: str = ""
    model: str = ""
    version: str = ""
    price_usd: float = 0.0
    bill_refused: bool = True

    @property
    def title(self) -> str:
        """How a result names what made it, e.g. "VOD GG 3.0" or "local (no AI model)"."""
        if self.provider == "local":
            return "local (drawn by this bot, no AI model)"
        return f"VOD {self.model} {self.version}" if self.model else self.action


class Catalogue:
    """All engines in their order, and which of them this account cannot use right now."""

    def __init__(self, engines: Iterable[Engine], *, providers: Collection[str]) -> None:
        self._engines = {engine.name: engine for engine in engines}
        self._off = {
            name for name, engine in self._engines.items() if engine.provider not in providers
        }

    def get(self, name: str) -> Engine | None:
        """Return the engine of that name, usable or not; None if it was taken out of the file."""
        return self._engines.get(name)

    def title(self, name: str) -> str:
        """Return how a result names what made it."""
        engine = self._engines.get(name)
        return engine.title if engine else name

    def switch_off(self, name: str) -> None:
        """Skip an engine from now on, e.g. because its API declared itself gone."""
        self._off.add(name)

    def usable(self, command: str) -> list[Engine]:
        """Return the engines a command can use, best first."""
        return [
            engine
            for engine in self._engines.values()
            if command in engine.takes.commands and engine.name not in self._off
        ]

    def choose(self, command: str, name: str | None) -> Engine:
        """Return the engine of that name, or the first usable one.

        Raises NoEngine, UnknownEngine, EngineOff or OptionOutOfRange's sentence for a wrong name.
        """
        usable = self.usable(command)
        if not usable:
            raise NoEngine(command=command)
        if name is None:
            return usable[0]
        engine = self._engines.get(name)
        known = ", ".join(engine.name for engine in usable)
        if engine is None or command not in engine.takes.commands:
            raise UnknownEngine(engine=name, known=known)
        if engine.name in self._off:
            raise EngineOff(engine=name)
        return engine


def resolve_style(engine: Engine, style: str) -> str:
    """Return the id of a style given by id or by name, in any case; raises OptionOutOfRange.

    Autocomplete does not restrict what is sent, so names must work too.
    """
    wanted = style.strip().casefold()
    for style_id, name in engine.takes.styles.items():
        if wanted in (style_id.casefold(), name.casefold()):
            return style_id
    offered = ", ".join(engine.takes.styles.values())
    raise OptionOutOfRange(engine=engine.name, option="style", value=style, offered=offered)


def check_wishes(engine: Engine, wishes: Wishes) -> None:
    """Refuse what the engine's API would refuse, before anything is stored or paid.

    Raises PromptMissing, PromptTooLong, OptionNotOffered or OptionOutOfRange.
    """
    _check_words(engine, wishes)
    _check_offered(engine, wishes)
    _check_choice(engine, "ratio", wishes.ratio, engine.takes.ratios)
    _check_choice(engine, "size", wishes.size, engine.takes.sizes)
    _check_range(engine, "count", wishes.count, 1, engine.takes.count_max)
    _check_range(engine, "faces", wishes.faces, 0, engine.takes.faces_max)
    if wishes.strength is not None and not 0 < wishes.strength <= 1:
        raise OptionOutOfRange(
            engine=engine.name, option="strength", value=wishes.strength, offered="0.01 to 1"
        )


def _check_words(engine: Engine, wishes: Wishes) -> None:
    takes = engine.takes
    if takes.prompt_required and not wishes.prompt.strip():
        raise PromptMissing(engine=engine.name)
    pairs = (("prompt", wishes.prompt, takes.prompt_max), ("negative", wishes.negative or "", None))
    for option, text, limit in pairs:
        most = takes.negative_max if limit is None else limit
        if most and len(text) > most:
            raise PromptTooLong(engine=engine.name, option=option, length=len(text), limit=most)


def _check_offered(engine: Engine, wishes: Wishes) -> None:
    offered = engine.takes.offered()
    for option, is_offered in offered.items():
        value = getattr(wishes, option)
        is_wished = value is not None and value is not False and (option, value) != ("count", 1)
        if is_wished and not is_offered:
            taken = ", ".join(name for name, yes in offered.items() if yes) or "the prompt alone"
            raise OptionNotOffered(engine=engine.name, option=option, offered=taken)


def _check_choice(engine: Engine, option: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        offered = ", ".join(choices)
        raise OptionOutOfRange(engine=engine.name, option=option, value=value, offered=offered)


def _check_range(engine: Engine, option: str, value: int | None, low: int, high: int) -> None:
    if value is not None and not low <= value <= max(high, low):
        offered = f"{low} to {high}"
        raise OptionOutOfRange(engine=engine.name, option=option, value=value, offered=offered)
