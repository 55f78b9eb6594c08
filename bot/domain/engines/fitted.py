"""Checks a fitted picture against the options for it, where the API asks more than its limits."""

from bot.domain.engines.engine import Engine
from bot.domain.engines.errors import PictureBelowFilter, RatioAsBefore, RatioTooFar
from bot.domain.jobs.job import Options
from bot.domain.pictures.picture import Picture

_LEAST_GROWTH = 1.01  # below it there is nothing to be seen of an extension


def check_fitted(engine: Engine, options: Options, picture: Picture) -> None:
    """Refuse what can only be known from the picture.

    Raises RatioAsBefore, RatioTooFar or PictureBelowFilter.
    """
    width, height = picture.width, picture.height
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


def _growth(width: int, height: int, ratio: str) -> float:
    """Return how many times its area a picture has once it is extended to a ratio."""
    wide, _, high = ratio.partition(":")
    change = (width * int(high)) / (height * int(wide))
    return max(change, 1 / change)
