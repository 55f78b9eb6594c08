"""What `easel styles make` prints: the price before, and what became of it."""

from collections.abc import Sequence

from bot.domain.engines.engine import Engine
from bot.domain.jobs.job import Options
from bot.domain.wording.file_sizes import mib
from bot.domain.wording.names import pictures_text
from bot.services.styles.sheets import Sheet


def price_of(engine: Engine, options: Options, missing: int, count: int) -> str:
    """Return how many of `count` pictures are to be drawn, and for how much."""
    price = engine.price_of(options)
    there = f" ({count - missing} of {count} are there or at work)" if missing < count else ""
    if engine.is_free:
        cost = "which cost nothing"
    elif price:
        cost = f"at {price:.4f} USD each, {price * missing:.2f} USD together"
    else:
        cost = "at a price that is not set"
    return f"This draws {pictures_text(missing)} with {engine.name}{there}, {cost}."


def without_photo(engine: Engine) -> str:
    """Return what is said where a photo is of no use."""
    return f"{engine.name} takes no photo with a style, so its styles are drawn from words."


def outcome(engine: Engine, sheets: Sequence[Sheet], without: Sequence[str]) -> str:
    """Return what is kept now, and the styles that have no picture."""
    size = mib(sum(len(sheet.picture.data) for sheet in sheets))
    count = sum(len(sheet.styles) for sheet in sheets)
    styles = "1 style" if count == 1 else f"{count} styles"
    shown = f"/styles shows {styles} of {engine.name} from now on, on {pictures_text(len(sheets))}"
    if not without:
        return f"{shown} ({size})."
    return (
        f"{shown} ({size}). Without a picture: {', '.join(without)}. Their requests were "
        "sent and the answers lost, so they may have been paid: with this photo they are not sent "
        "again."
    )
