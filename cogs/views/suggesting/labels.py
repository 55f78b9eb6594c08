"""What suggestions read like: an engine with its price and use, a ratio with its shape."""

from collections.abc import Collection

from bot.domain.engines.engine import Engine
from bot.domain.engines.naming import PARTED, called
from bot.domain.engines.sizes import pixels
from bot.domain.jobs.job import Options

# Suggestions are plain text: Discord shows no markdown in them.
_FREE = "free"
_UNPRICED = "price not set"
_PRICED = "${price} a picture"
_SQUARE = "square"
_WIDE = "landscape"
_HIGH = "portrait"
_AUTO = "as the engine thinks best"


def engine_label(engine: Engine, options: Options, shared: Collection[str]) -> str:
    """Return an engine's title, what a picture with these options costs, and its use."""
    parts = (called(engine, shared), _price(engine, options), engine.good_for)
    return PARTED.join(filter(None, parts))


def ratio_label(ratio: str) -> str:
    """Return a ratio and the shape that it is."""
    wide, _, high = ratio.partition(":")
    return PARTED.join((ratio, _shape(int(wide), int(high)) if high else _AUTO))


def size_label(size: str, engine: Engine) -> str:
    """Return a size, the shape of one in pixels, and its price where sizes have their own."""
    sides = pixels(size)
    parts = [size, _shape(*sides) if sides else ""]
    if engine.prices:
        parts.append(_price(engine, Options(size=size)))
    return PARTED.join(filter(None, parts))


def usd_text(usd: float) -> str:
    """Return an amount with its cents, and parts of a cent where there are: 0.08, 0.0425."""
    whole, _, cents = f"{usd:.4f}".rstrip("0").partition(".")
    return f"{whole}.{cents:0<2}"


def _price(engine: Engine, options: Options) -> str:
    if engine.is_free:
        return _FREE
    price_usd = engine.price_of(options)
    return _PRICED.format(price=usd_text(price_usd)) if price_usd else _UNPRICED


def _shape(wide: int, high: int) -> str:
    if wide == high:
        return _SQUARE
    return _WIDE if wide > high else _HIGH
