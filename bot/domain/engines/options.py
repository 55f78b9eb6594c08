"""Checks a member's options against what the chosen engine takes, before anything is paid."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.domain.engines.engine import Engine
from bot.domain.engines.enlarging import enlarged
from bot.domain.engines.errors import (
    AlreadyAsLarge,
    EnlargedTooFar,
    NothingToSee,
    OptionFixed,
    OptionMissing,
    OptionNotOffered,
    OptionOutOfRange,
    OptionsDisagree,
    OptionWithPicture,
    PictureBelowFilter,
    PictureMissing,
    PromptMissing,
    PromptTooLong,
    RatioAsBefore,
    RatioTooFar,
    SizeAndRatioDisagree,
    TooManyPictures,
)
from bot.domain.engines.sizes import has_ratio, pixels
from bot.domain.jobs.job import Options
from bot.domain.jobs.limits import MAX_SEED
from bot.domain.pictures.picture import Picture
from bot.domain.wording.quoting import has_visible

# What the operator may have fixed of an option: the setting, and the text that each wish goes with.
_FIXING: Mapping[str, Mapping[str, Mapping[object, str]]] = MappingProxyType(
    {
        "improve": {
            "enhance_prompt": {True: "Enabled", False: "Disabled"},
            "revise": {True: "on", False: "off"},
        },
        "background": {
            "background": {"transparent": "transparent"},
            "output_format": {"transparent": "png"},
        },
    }
)
_LEAST_GROWTH = 1.01  # below it there is nothing to be seen of an extension


def resolve(engine: Engine, options: Options) -> Options:
    """Return the options in the engine's own words: a style's id, a size as it is spelt.

    Autocomplete does not restrict what is sent, so names must work too. Raises OptionOutOfRange.
    """
    if options.style is not None and engine.capabilities.styles:
        options = replace(options, style=_style(engine, options.style))
    if options.size is not None:
        options = replace(options, size=_size(engine, options.size))
    return options


def style_meant(engine: Engine, style: str) -> str | None:
    """Return the id of the engine's style that a text names, by its id or its name."""
    wanted = style.strip().casefold()
    for style_id, name in engine.capabilities.styles.items():
        if wanted in (style_id.casefold(), name.casefold()):
            return style_id
    return None


def size_taken(engine: Engine, size: str) -> str:
    """Return a size as the engine spells it; raises OptionOutOfRange for one it does not take."""
    spelt = _size(engine, size)
    _check_size(engine, spelt, None)
    return spelt


def check(engine: Engine, options: Options, pictures: int = 0) -> None:
    """Refuse what the engine's API would refuse, before anything is stored or paid.

    `pictures` is how many are handed in. Raises PromptMissing, NothingToSee, PromptTooLong,
    OptionNotOffered, OptionOutOfRange, OptionMissing, OptionsDisagree, OptionWithPicture,
    SizeAndRatioDisagree, OptionFixed, PictureMissing or TooManyPictures.
    """
    takes = engine.capabilities
    _check_pictures(engine, pictures)
    _check_offered(engine, options)
    _check_words(engine, options)
    if pictures:
        _check_beside_pictures(engine, options)
    _check_choice(engine, "ratio", options.ratio, takes.ratios)
    _check_choice(engine, "style", options.style, tuple(takes.styles))
    _check_choice(engine, "subject", options.subject, takes.subjects)
    _check_choice(engine, "background", options.background, takes.backgrounds)
    _check_choice(engine, "extend", options.extend, takes.sides)
    _check_choice(engine, "repair", options.repair, takes.repairs)
    _check_together(engine, options)
    _check_fixed(engine, options)
    _check_size(engine, options.size, options.ratio)
    _check_range(engine, "seed", options.seed, 0, MAX_SEED)
    _check_range(engine, "count", options.count, 1, takes.count_max)
    _check_range(engine, "faces", options.faces, 0, takes.faces_max)
    if options.strength is not None and not 0 < options.strength <= 1:
        raise OptionOutOfRange(
            engine=engine.name, option="strength", value=options.strength, offered="0.01 to 1"
        )


def _style(engine: Engine, style: str) -> str:
    style_id = style_meant(engine, style)
    if style_id is not None:
        return style_id
    offered = ", ".join(engine.capabilities.styles.values())
    raise OptionOutOfRange(engine=engine.name, option="style", value=style, offered=offered)


def _size(engine: Engine, size: str) -> str:
    sides = pixels(size)
    if sides:
        return f"{sides[0]}x{sides[1]}"
    named = {name.casefold(): name for name in engine.capabilities.sizes}
    return named.get(size.strip().casefold(), size)


def _check_pictures(engine: Engine, pictures: int) -> None:
    most = engine.capabilities.references
    if pictures > most:
        raise TooManyPictures(engine=engine.name, count=pictures, limit=most)
    if not pictures and "imagine" not in engine.capabilities.commands:
        raise PictureMissing(engine=engine.name)


def _check_words(engine: Engine, options: Options) -> None:
    takes = engine.capabilities
    if takes.prompt_required and not options.prompt and not options.style_image:
        raise PromptMissing(engine=engine.name)
    texts = (
        ("prompt", options.prompt, takes.prompt_max),
        ("negative", options.negative or "", takes.negative_max),
    )
    for option, text, most in texts:
        if text and not has_visible(text):
            raise NothingToSee(option=option)
        if len(text) > most:
            raise PromptTooLong(engine=engine.name, option=option, length=len(text), limit=most)


def _check_offered(engine: Engine, options: Options) -> None:
    offered = engine.capabilities.offered()
    for option, is_offered in offered.items():
        if _is_asked(options, option) and not is_offered:
            taken = ", ".join(name for name, yes in offered.items() if yes) or "no options"
            raise OptionNotOffered(engine=engine.name, option=option, offered=taken)


def _check_beside_pictures(engine: Engine, options: Options) -> None:
    for option in engine.capabilities.only_without_picture:
        if _is_asked(options, option):
            raise OptionWithPicture(engine=engine.name, option=option)


def _check_together(engine: Engine, options: Options) -> None:
    takes, subject = engine.capabilities, options.subject
    if takes.extends and options.ratio is None and options.extend is None:
        raise OptionMissing(engine=engine.name, option="ratio", offered=", ".join(takes.ratios))
    if takes.extends and options.ratio and options.extend:
        raise OptionsDisagree(
            engine=engine.name, option="ratio", other="extend", value=options.extend
        )
    if options.style and not takes.styles_for(subject):
        raise OptionsDisagree(engine=engine.name, option="style", other="subject", value=subject)

    if takes.improve_or_seed and options.improve and options.seed is not None:
        seed = str(options.seed)
        raise OptionsDisagree(engine=engine.name, option="improve", other="seed", value=seed)


def _check_fixed(engine: Engine, options: Options) -> None:
    for option, settings in _FIXING.items():
        wish = getattr(options, option)
        for setting, texts in settings.items():
            fixed = engine.settings.get(setting)
            if wish is not None and fixed is not None and fixed != texts.get(wish):
                raise OptionFixed(engine=engine.name, option=option)


def _is_asked(options: Options, option: str) -> bool:
    value = getattr(options, option)
    return value not in (None, False, "") and (option, value) != ("count", 1)


def _check_choice(engine: Engine, option: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        offered = ", ".join(choices)
        raise OptionOutOfRange(engine=engine.name, option=option, value=value, offered=offered)


def _check_size(engine: Engine, size: str | None, ratio: str | None) -> None:
    takes, sides = engine.capabilities, pixels(size)
    if size and sides and ratio and not has_ratio(sides, ratio):
        raise SizeAndRatioDisagree(size=size, ratio=ratio)
    if size is None or size in takes.sizes:
        return
    if sides and takes.pixels is not None and takes.pixels.allows(*sides):
        return
    rule = (str(takes.pixels),) if takes.pixels is not None else ()
    offered = "; ".join((*filter(None, [", ".join(takes.sizes)]), *rule))
    raise OptionOutOfRange(engine=engine.name, option="size", value=size, offered=offered)


def _check_range(engine: Engine, option: str, value: int | None, low: int, high: int) -> None:
    if value is not None and not low <= value <= max(high, low):
        offered = f"{low} to {high}"
        raise OptionOutOfRange(engine=engine.name, option=option, value=value, offered=offered)


def check_fitted(engine: Engine, options: Options, picture: Picture) -> None:
    """Refuse what can only be known from the picture; raises what `check_shape` does."""
    check_shape(engine, options, picture.width, picture.height)


def check_shape(engine: Engine, options: Options, width: int, height: int) -> None:
    """Refuse what a picture of so many pixels cannot become.

    Raises RatioAsBefore, RatioTooFar, PictureBelowFilter, AlreadyAsLarge or EnlargedTooFar.
    """
    if engine.capabilities.enlarges_to:
        _check_enlargement(engine, options.size, max(width, height))
    if engine.capabilities.extends and options.ratio:
        _check_growth(engine, width, height, options.ratio)
    least = engine.capabilities.filter_min_side
    if options.filter is not False and min(width, height) < least:
        raise PictureBelowFilter(width=width, height=height, minimum=least)


def _check_growth(engine: Engine, width: int, height: int, ratio: str) -> None:
    times, most = _growth(width, height, ratio), engine.capabilities.growth_max
    if times < _LEAST_GROWTH:
        raise RatioAsBefore(ratio=ratio, width=width, height=height)
    if most and times > most:
        raise RatioTooFar(
            engine=engine.name, ratio=ratio, width=width, height=height, times=times, limit=most
        )


def _check_enlargement(engine: Engine, size: str | None, long_side: int) -> None:
    limit = engine.capabilities.enlarges_to
    target = enlarged(size, long_side) if size else limit
    if long_side >= min(target, limit):
        raise AlreadyAsLarge(engine=engine.name, side=long_side, limit=min(target, limit))
    if size and target > limit:
        raise EnlargedTooFar(engine=engine.name, size=size, side=target, limit=limit)


def _growth(width: int, height: int, ratio: str) -> float:
    """Return how many times its area a picture has once it is extended to a ratio."""
    wide, _, high = ratio.partition(":")
    change = (width * int(high)) / (height * int(wide))
    return max(change, 1 / change)
