"""Provider `local`: no cloud and no AI model; the bot paints or restyles by itself."""

import asyncio
from io import BytesIO
from zlib import crc32

from PIL import Image, ImageOps

from bot.domain.engines.engine import Engine
from bot.domain.engines.sizes import asked_pixels
from bot.painting.paint import paint, restyle
from bot.ports.provider import Drawn, Journal, Work

_SIDE_PX = 1024
_STRENGTH = 0.7  # the middle of the range that seed 003 advises for the cloud's engines
_QUALITY = 95


class Local:
    """Costs nothing, so that sending again is always right."""

    def is_resumable(self, engine: Engine) -> bool:  # noqa: ARG002 - the same for all of them
        """Say yes: painting again gives the same picture for nothing."""
        return True

    async def draw(self, work: Work, journal: Journal) -> Drawn:
        """Make the pictures in a thread, one after the other."""
        await journal.sending()
        # The same one at every try of a job.
        asked = work.options.seed
        first = crc32(work.job_id.encode()) if asked is None else asked
        seeds = range(first, first + work.options.count)
        return Drawn(tuple([await asyncio.to_thread(_one, work, seed) for seed in seeds]))


def _one(work: Work, seed: int) -> bytes:
    options, sides = work.options, asked_pixels(work.options, work.engine.capabilities.sizes)
    if not work.pictures:
        return paint(options.prompt, sides or (_SIDE_PX, _SIDE_PX), seed=seed, style=options.style)
    picture = work.pictures[0]
    return restyle(
        _cropped(picture, sides) if sides else picture,
        prompt=options.prompt,
        strength=_STRENGTH if options.strength is None else options.strength,
        style=options.style,
        seed=seed,
    )


def _cropped(picture: bytes, sides: tuple[int, int]) -> bytes:
    with Image.open(BytesIO(picture)) as opened:
        fitted = ImageOps.fit(opened.convert("RGB"), sides)
    out = BytesIO()
    fitted.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
