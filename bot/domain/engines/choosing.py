"""Which engine a request takes whose member named none: the first that takes all that is asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from types import MappingProxyType

from bot.domain.engines.engine import Capabilities, Engine
from bot.domain.engines.errors import (
    AlreadyAsLarge,
    EnlargedTooFar,
    NoneTakesAll,
    PictureBelowFilter,
    RatioTooFar,
)
from bot.domain.engines.options import check, resolve
from bot.domain.errors import NotPossible
from bot.domain.jobs.job import Options
from bot.domain.pictures.errors import PictureTooNarrow, PictureTooSmall

# What one engine refuses in a picture that another may take.
_OF_ENGINE = (
    *(PictureTooSmall, PictureTooNarrow, RatioTooFar, PictureBelowFilter),
    *(AlreadyAsLarge, EnlargedTooFar),
)
_SHOWN = 4  # engines of each option
_PICTURES = "pictures"
_ANY_WORDS = "…"
# Of engines that do not take a number, the one that comes nearest says how far it goes.
_MOST: Mapping[str, Callable[[Capabilities], int]] = MappingProxyType(
    {
        "prompt": lambda capabilities: capabilities.prompt_max,
        "negative": lambda capabilities: capabilities.negative_max,
        "count": lambda capabilities: capabilities.count_max,
        "faces": lambda capabilities: capabilities.faces_max,
        _PICTURES: lambda capabilities: capabilities.references,
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine that takes a request, and the options in its own words."""

    engine: Engine
    options: Options

    @property
    def picture_rule(self) -> tuple[float, ...]:
        """What the engine asks of a picture's sides; another one that asks the same is no help."""
        capabilities = self.engine.capabilities
        return (
            capabilities.picture.min_side,
            capabilities.picture.max_side,
            capabilities.growth_max,
            capabilities.enlarges_to,
            capabilities.filter_min_side,
        )


def choice(engine: Engine, options: Options, pictures: int) -> Choice:
    """Return the engine as a choice; raises the NotPossible that says what it does not take."""
    options = resolve(engine, options)
    check(engine, options, pictures)
    return Choice(engine, options)


def choices(engines: Sequence[Engine], options: Options, pictures: int) -> Iterator[Choice]:
    """Yield those of the engines that take a request, in their order."""
    for engine in engines:
        with suppress(NotPossible):
            yield choice(engine, options, pictures)


def could_take(engine: Engine, options: Options, pictures: int) -> bool:
    """Tell whether an engine takes what is filled in so far, whatever is still missing."""
    least = _plain(engine)
    prompt = options.prompt or least.prompt
    ratio = options.ratio or (None if options.extend else least.ratio)
    return _why_not(engine, replace(options, prompt=prompt, ratio=ratio), pictures) is None


def taken(engine: Engine, options: Options, pictures: int) -> Options:
    """Return the options without those that an engine refuses each by itself; words stay."""
    for piece in [_Piece(name, options, pictures) for name in _given(options, pictures)]:
        if piece.option not in ("prompt", _PICTURES) and piece.why_not(engine) is not None:
            options = replace(options, **{piece.option: getattr(Options(), piece.option)})
    return options


def may_suit_another(error: NotPossible) -> bool:
    """Tell whether a picture that one engine refuses may be taken by another."""
    return isinstance(error, _OF_ENGINE) or isinstance(error.__cause__, _OF_ENGINE)


def refusal(engines: Sequence[Engine], options: Options, pictures: int) -> NotPossible:
    """Return what is said of a request that none of the engines takes.

    What no engine takes by itself is named with the limit of the nearest one. What one engine
    takes piece by piece, but not together, it refuses itself. Else: which engine takes which piece.
    """
    pieces = [_Piece(option, options, pictures) for option in _given(options, pictures)]
    takers = {piece: [each for each in engines if piece.why_not(each) is None] for piece in pieces}
    for piece, taking in takers.items():
        if not taking:
            return piece.nearest(engines)
    for engine in engines:
        if all(engine in taking for taking in takers.values()):
            return _why_not(engine, options, pictures) or NotPossible()
    telling = {piece: names for piece, names in takers.items() if len(names) < len(engines)}
    return NoneTakesAll(which="; ".join(_told(piece, names) for piece, names in telling.items()))


@dataclass(frozen=True, slots=True)
class _Piece:
    """One option of a request, or its pictures, apart from all others."""

    option: str
    options: Options
    pictures: int

    def why_not(self, engine: Engine) -> NotPossible | None:
        """Return why an engine does not take this by itself."""
        most = engine.capabilities.references
        if self.option == _PICTURES:
            return _why_not(engine, _plain(engine), self.pictures)
        least = replace(_plain(engine), ratio=None) if self.option == "extend" else _plain(engine)
        alone = replace(least, **{self.option: getattr(self.options, self.option)})
        return _why_not(engine, alone, min(self.pictures, most))

    def nearest(self, engines: Sequence[Engine]) -> NotPossible:
        """Return the refusal of the engine that comes nearest to it."""
        refused = self.why_not(max(engines, key=self._how_far))
        return refused or NotPossible()

    def _how_far(self, engine: Engine) -> int:
        capabilities = engine.capabilities
        if self.option in _MOST:
            return _MOST[self.option](capabilities)
        return int(capabilities.offered()[self.option])

    def __str__(self) -> str:
        """Say what it is, with its value where that is short."""
        if self.option == _PICTURES:
            return f"{self.pictures} pictures"
        value = getattr(self.options, self.option)
        if self.option in ("prompt", "negative"):
            return f"a {self.option} of {len(value)} characters" if value else f"no {self.option}"
        return self.option if isinstance(value, bool) else f"{self.option} {value}"


def _given(options: Options, pictures: int) -> Iterator[str]:
    """Yield what of a request may matter to an engine: the words always do."""
    if pictures > 1:
        yield _PICTURES
    for field in fields(options):
        if field.name == "prompt" or getattr(options, field.name) != field.default:
            yield field.name


def _plain(engine: Engine) -> Options:
    """Return the least that an engine takes."""
    capabilities = engine.capabilities
    words = _ANY_WORDS if capabilities.prompt_required else ""
    return Options(prompt=words, ratio=capabilities.ratios[0] if capabilities.extends else None)


def _why_not(engine: Engine, options: Options, pictures: int) -> NotPossible | None:
    try:
        choice(engine, options, pictures)
    except NotPossible as error:
        return error
    return None


def _told(piece: _Piece, takers: Sequence[Engine]) -> str:
    names = [engine.name for engine in takers[:_SHOWN]]
    more = len(takers) - len(names)
    return f"{piece}: {', '.join(names)}" + (f" and {more} more" if more else "")
