"""Which request a follow-up becomes: a command, and the engines that take it with their options."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.choosing import Choice, choice, taken
from bot.domain.engines.engine import Engine
from bot.domain.engines.options import check_shape, resolve
from bot.domain.errors import NotPossible
from bot.domain.follow_ups.kinds import EXTENSIONS, FollowUp, Offers
from bot.domain.jobs.job import Job, Options

_RESTYLE, _OUTPAINT = "restyle", "tool outpaint"
_SQUARE = "1:1"
_ANY_WORDS = "…"
_ANEW: Mapping[str, Any] = MappingProxyType(
    {"count": 1, "seed": None, "strength": None, "style_image": False}
)

# For the engine, not for people: said to one that has no strength of its own to set.
VARIATIONS: Mapping[FollowUp, str] = MappingProxyType(
    {
        FollowUp.VARY_LITTLE: "Keep this picture as it is and change only small details.",
        FollowUp.VARY_LOT: "Keep the subject of this picture and compose it in a new way.",
    }
)
_STRENGTHS = {FollowUp.VARY_LITTLE: 0.3, FollowUp.VARY_LOT: 0.75}

Shape = tuple[int, int]
"""Width and height of a picture, in pixels."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a follow-up asks for; `choices` are the engines that take it, best first."""

    command: str
    choices: tuple[Choice, ...]


def offers(job: Job, catalogue: Catalogue, shapes: Collection[Shape]) -> Offers:
    """Return what can be made of a result with pictures of these shapes."""
    requests = {kind: request_of(kind, job, catalogue) for kind in FollowUp}
    return Offers(
        pictures=len(shapes),
        can_edit=can_edit(job, catalogue),
        kinds=tuple(kind for kind, request in requests.items() if _suits(request, shapes)),
    )


def _suits(request: Request | None, shapes: Collection[Shape]) -> bool:
    """Tell whether an engine of a request takes any of these shapes: one is as large as it gets."""
    if request is None:
        return False
    return any(_takes(each, shape) for each in request.choices for shape in shapes)


def _takes(found: Choice, shape: Shape) -> bool:
    try:
        check_shape(found.engine, found.options, *shape)
    except NotPossible:
        return False
    return True


def can_edit(job: Job, catalogue: Catalogue) -> bool:
    """Tell whether anything of a job's request can be put another way."""
    found = engine_to_edit(job, catalogue)
    if found is None:
        return False
    takes = found.capabilities
    return bool(takes.prompt_max or takes.styles or len(takes.ratios) > 1)


def engine_to_edit(job: Job, catalogue: Catalogue) -> Engine | None:
    """Return the engine that a job's request is edited for: its own, else the first usable one."""
    usable = catalogue.usable(job.order.command)
    own = [engine for engine in usable if engine.name == job.order.engine]
    return next(iter(own or usable), None)


def request_of(kind: FollowUp, job: Job, catalogue: Catalogue) -> Request | None:
    """Return what a follow-up becomes with the engines usable now; None where none takes it."""
    for command, tries in _TRIES[kind](kind, job, catalogue):
        found = []
        for engine, options in tries:
            with suppress(NotPossible):
                found.append(choice(engine, options, pictures=1))
        if found:
            return Request(command, tuple(found))
    return None


_Tries = Iterator[tuple[str, Iterator[tuple[Engine, Options]]]]


def _plain(*commands: str) -> Callable[[FollowUp, Job, Catalogue], _Tries]:
    """Return tries of commands that need nothing but the picture."""

    def tries(_: FollowUp, __: Job, catalogue: Catalogue) -> _Tries:
        for command in commands:
            yield command, ((engine, Options()) for engine in catalogue.usable(command))

    return tries


def _variations(kind: FollowUp, job: Job, catalogue: Catalogue) -> _Tries:
    engines = catalogue.usable(_RESTYLE)
    own = [engine for engine in engines if engine.name == job.order.engine]
    # Others than its own only where they follow words: a style of theirs would be a new picture.
    others = [each for each in engines if each not in own and not each.capabilities.strength]
    yield _RESTYLE, ((engine, _varied(kind, job, engine)) for engine in (*own, *others))


def _varied(kind: FollowUp, job: Job, engine: Engine) -> Options:
    options = job.order.options
    kept = taken(engine, replace(options, **_ANEW), pictures=1)
    if engine.name != job.order.engine:
        # An engine's sizes and styles are its own; a ratio is the same everywhere.
        kept = replace(kept, size=None, style=None)
    prompt = without_variation(options.prompt)
    if engine.capabilities.strength:
        return replace(kept, prompt=prompt, strength=_STRENGTHS[kind])
    return replace(kept, prompt="\n".join(filter(None, (prompt, VARIATIONS[kind]))))


def without_variation(prompt: str) -> str:
    """Return a prompt without the sentence that an earlier variation added."""
    for sentence in VARIATIONS.values():
        prompt = prompt.removesuffix(sentence).rstrip()
    return prompt


def _restylings(_: FollowUp, __: Job, catalogue: Catalogue) -> _Tries:
    """Return what a form asks the words for."""
    any_words = {True: Options(prompt=_ANY_WORDS), False: Options()}
    engines = catalogue.usable(_RESTYLE)
    yield _RESTYLE, ((each, any_words[each.capabilities.prompt_required]) for each in engines)


def _extensions(kind: FollowUp, job: Job, catalogue: Catalogue) -> _Tries:
    side = EXTENSIONS[kind]
    engines = [each for each in catalogue.usable(_OUTPAINT) if side in each.capabilities.sides]
    yield _OUTPAINT, ((each, replace(_words(each, job), extend=side)) for each in engines)


def _squares(_: FollowUp, job: Job, catalogue: Catalogue) -> _Tries:
    engines = catalogue.usable(_OUTPAINT)
    yield _OUTPAINT, ((each, replace(_words(each, job), ratio=_SQUARE)) for each in engines)


def _words(engine: Engine, job: Job) -> Options:
    """Return a job's prompt for an engine that needs none; nothing where it is too long for it."""
    prompt = without_variation(job.order.options.prompt)
    return Options(prompt=prompt if len(prompt) <= engine.capabilities.prompt_max else "")


def filled_for(engine: Engine, job: Job, catalogue: Catalogue) -> Options:
    """Return a job's options as a form for this engine is filled in with them.

    Those of its own engine as they are; of another's what this one takes, a style by its name.
    """
    options, own = job.order.options, catalogue.get(job.order.engine)
    if own is engine:
        return options
    # Others know a style by its name, if at all: its id is the engine's own.
    names = own.capabilities.styles if own else {}
    named = replace(options, style=names.get(options.style or "", options.style))
    return resolve(engine, taken(engine, named, len(job.order.inputs)))


_TRIES: Mapping[FollowUp, Callable[[FollowUp, Job, Catalogue], _Tries]] = MappingProxyType(
    {
        FollowUp.UPSCALE: _plain("tool upscale", "tool refine"),
        FollowUp.VARY_LITTLE: _variations,
        FollowUp.VARY_LOT: _variations,
        **dict.fromkeys(EXTENSIONS, _extensions),
        FollowUp.SQUARE: _squares,
        FollowUp.RESTYLE: _restylings,
        FollowUp.CUTOUT: _plain("tool cutout"),
    }
)
