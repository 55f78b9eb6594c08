"""Checks a member's wishes against what the chosen engine takes, before anything is paid."""

from dataclasses import replace

from bot.domain.engines.engine import Engine
from bot.domain.engines.errors import (
    NothingToSee,
    OptionMissing,
    OptionNotOffered,
    OptionOutOfRange,
    OptionsDisagree,
    OptionWithPicture,
    PictureMissing,
    PromptMissing,
    PromptTooLong,
    SizeAndRatioDisagree,
    TooManyPictures,
)
from bot.domain.engines.sizes import has_ratio, pixels
from bot.domain.jobs.job import Wishes
from bot.domain.jobs.limits import MAX_SEED
from bot.domain.wording.plain import has_visible


def resolve(engine: Engine, wishes: Wishes) -> Wishes:
    """Return the wishes in the engine's own words: a style's id, a size as it is spelt.

    Autocomplete does not restrict what is sent, so names must work too. Raises OptionOutOfRange.
    """
    if wishes.style is not None and engine.takes.styles:
        wishes = replace(wishes, style=_style(engine, wishes.style))
    if wishes.size is not None:
        wishes = replace(wishes, size=_size(engine, wishes.size))
    return wishes


def size_taken(engine: Engine, size: str) -> str:
    """Return a size as the engine spells it; raises OptionOutOfRange for one it does not take."""
    spelt = _size(engine, size)
    _check_size(engine, spelt, None)
    return spelt


def check(engine: Engine, wishes: Wishes, pictures: int = 0) -> None:
    """Refuse what the engine's API would refuse, before anything is stored or paid.

    `pictures` is how many are handed in. Raises PromptMissing, NothingToSee, PromptTooLong,
    OptionNotOffered, OptionOutOfRange, OptionMissing, OptionsDisagree, OptionWithPicture,
    SizeAndRatioDisagree, PictureMissing or TooManyPictures.
    """
    takes = engine.takes
    _check_pictures(engine, pictures)
    _check_offered(engine, wishes)
    _check_words(engine, wishes)
    if pictures:
        _check_beside_pictures(engine, wishes)
    _check_choice(engine, "ratio", wishes.ratio, takes.ratios)
    _check_choice(engine, "style", wishes.style, tuple(takes.styles))
    _check_choice(engine, "subject", wishes.subject, takes.subjects)
    _check_together(engine, wishes)
    _check_size(engine, wishes.size, wishes.ratio)
    _check_range(engine, "seed", wishes.seed, 0, MAX_SEED)
    _check_range(engine, "count", wishes.count, 1, takes.count_max)
    _check_range(engine, "faces", wishes.faces, 0, takes.faces_max)
    if wishes.strength is not None and not 0 < wishes.strength <= 1:
        raise OptionOutOfRange(
            engine=engine.name, option="strength", value=wishes.strength, offered="0.01 to 1"
        )


def _style(engine: Engine, style: str) -> str:
    wanted = style.strip().casefold()
    for style_id, name in engine.takes.styles.items():
        if wanted in (style_id.casefold(), name.casefold()):
            return style_id
    offered = ", ".join(engine.takes.styles.values())
    raise OptionOutOfRange(engine=engine.name, option="style", value=style, offered=offered)


def _size(engine: Engine, size: str) -> str:
    sides = pixels(size)
    if sides:
        return f"{sides[0]}x{sides[1]}"
    named = {name.casefold(): name for name in engine.takes.sizes}
    return named.get(size.strip().casefold(), size)


def _check_pictures(engine: Engine, pictures: int) -> None:
    most = engine.takes.references
    if pictures > most:
        raise TooManyPictures(engine=engine.name, count=pictures, limit=most)
    if not pictures and "imagine" not in engine.takes.commands:
        raise PictureMissing(engine=engine.name)


def _check_words(engine: Engine, wishes: Wishes) -> None:
    takes = engine.takes
    if takes.prompt_required and not wishes.prompt:
        raise PromptMissing(engine=engine.name)
    texts = (
        ("prompt", wishes.prompt, takes.prompt_max),
        ("negative", wishes.negative or "", takes.negative_max),
    )
    for option, text, most in texts:
        if text and not has_visible(text):
            raise NothingToSee(option=option)
        if len(text) > most:
            raise PromptTooLong(engine=engine.name, option=option, length=len(text), limit=most)


def _check_offered(engine: Engine, wishes: Wishes) -> None:
    offered = engine.takes.offered()
    for option, is_offered in offered.items():
        if _is_wished(wishes, option) and not is_offered:
            taken = ", ".join(name for name, yes in offered.items() if yes) or "no options"
            raise OptionNotOffered(engine=engine.name, option=option, offered=taken)


def _check_beside_pictures(engine: Engine, wishes: Wishes) -> None:
    for option in engine.takes.only_without_picture:
        if _is_wished(wishes, option):
            raise OptionWithPicture(engine=engine.name, option=option)


def _check_together(engine: Engine, wishes: Wishes) -> None:
    takes, subject = engine.takes, wishes.subject
    if takes.extends and wishes.ratio is None:
        raise OptionMissing(engine=engine.name, option="ratio", offered=", ".join(takes.ratios))
    if wishes.style and not takes.styles_for(subject):
        raise OptionsDisagree(engine=engine.name, option="style", other="subject", value=subject)


def _is_wished(wishes: Wishes, option: str) -> bool:
    value = getattr(wishes, option)
    return value not in (None, False, "") and (option, value) != ("count", 1)


def _check_choice(engine: Engine, option: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        offered = ", ".join(choices)
        raise OptionOutOfRange(engine=engine.name, option=option, value=value, offered=offered)


def _check_size(engine: Engine, size: str | None, ratio: str | None) -> None:
    takes, sides = engine.takes, pixels(size)
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
