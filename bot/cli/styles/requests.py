"""What an engine is asked for in each of its styles, and which job each of these is."""

import hashlib
from dataclasses import dataclass, replace

from bot.domain.discord_limits import FILE_BYTES
from bot.domain.engines.engine import Engine
from bot.domain.engines.options import check
from bot.domain.errors import NotPossible
from bot.domain.jobs.job import (
    OPERATORS_OWN,
    Destination,
    JobId,
    Options,
    Order,
    input_key,
    job_id_of,
)

COMMAND = "styles"  # in the ledger
_PROMPT = "a lighthouse on a cliff by the sea, a small boat, a cat on the path"
_SAME = "the same picture"  # where a photo needs words beside it
_NOT_DISCORDS = 1 << 63  # Discord's ids reach this bit in the year 2084
_NOBODY = Destination(
    guild_id=None,
    channel_id=OPERATORS_OWN,
    user_id=OPERATORS_OWN,
    application_id=OPERATORS_OWN,
    message_id=None,
    token="",
    token_expires_at=0.0,
    filesize_limit=FILE_BYTES,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for in every style: words, a photo (as it is in its file), or both."""

    options: Options
    photo: bytes | None

    @property
    def digest(self) -> bytes:
        """What tells this wish from others."""
        return hashlib.sha256(self.options.prompt.encode() + b"\0" + (self.photo or b"")).digest()


def wish_for(engine: Engine, photo: bytes | None) -> Wish:
    """Return what to ask an engine for: the photo if it takes one with a style, else words.

    Raises NotPossible, such as PictureMissing, where it takes neither.
    """
    style = next(iter(engine.capabilities.styles))
    if photo is not None:
        for prompt in ("", _SAME):
            try:
                check(engine, Options(prompt=prompt, style=style), 1)
            except NotPossible:
                continue
            return Wish(Options(prompt=prompt), photo)
    options = Options(prompt=_PROMPT)
    check(engine, replace(options, style=style))
    return Wish(options, None)


def job_id(engine: Engine, style: str, wish: Wish, tries: int) -> JobId:
    """Return the id of the job that draws a style, the same in every run and process.

    So one that exists is never accepted, and never paid, a second time; `tries` ended before it
    without a picture. No interaction's job has such an id.
    """
    said = "\0".join((engine.name, style, str(tries))).encode() + b"\0" + wish.digest
    number = int.from_bytes(hashlib.sha256(said).digest()[:8], "big")
    return job_id_of(_NOT_DISCORDS | number)


def order_for(
    engine: Engine, style: str, wish: Wish, of_job: JobId, *, is_resumable: bool
) -> Order:
    """Return what is to be accepted; the photo is kept as the job's first input."""
    options = replace(wish.options, style=style)
    return Order(
        id=of_job,
        command=COMMAND,
        engine=engine.name,
        pool=engine.pool,
        options=options,
        destination=_NOBODY,
        inputs=(input_key(of_job, 0),) if wish.photo is not None else (),
        price_usd=engine.price_of(options),
        assumed_usd=engine.assumed_of(options),
        is_resumable=is_resumable,
        is_modified=wish.photo is not None,
    )
