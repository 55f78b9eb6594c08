"""What Easel adds to the API's own time for one idle job, beside bare Pillow's share of it."""

import asyncio
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bench.figures import table
from bench.processes import process
from bench.stamp import photo
from bot.cli.local_stack import StandIns, open_stand_ins
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.forms import Upload

_RUNS = 15
_SIDE = 1024
_SECONDS = 0.3


async def main() -> None:
    """Measure single jobs, step by step, and print the medians."""
    data = photo((_SIDE, _SIDE))
    with tempfile.TemporaryDirectory() as folder:
        async with (
            open_stand_ins(seconds_per_picture=_SECONDS) as stand_ins,
            process(stand_ins, ("bot", "run"), stand_ins.variables(Path(folder))),
        ):
            ada = stand_ins.visitor("Ada")
            await _one(stand_ins, ada, data)
            runs = [await _one(stand_ins, ada, data) for _ in range(_RUNS)]
    rows = [(name, f"{statistics.median(r[name] for r in runs) * 1000:.0f}") for name in runs[0]]
    rows += [(f"bare Pillow: {name}", f"{took * 1000:.0f}") for name, took in _bare(data).items()]
    print(table(f"overhead: /restyle, {_SIDE} x {_SIDE} JPEG, idle", ("step", "median ms"), rows))


async def _one(stand_ins: StandIns, ada: Visitor, data: bytes) -> dict[str, float]:
    asked_at = time.time()
    reply = await ada.restyle(Upload("photo.jpg", data))
    acked_at = time.time()
    message = await reply.until(lambda shown: bool(shown.attachments))
    posted_at = time.time()
    call = stand_ins.tencent.calls[-1]
    answered_at = call.answered_at or posted_at
    await asyncio.sleep(0.2)
    assert message.attachments  # noqa: S101 - a benchmark of nothing would look fast
    return {
        "interaction to acknowledgement": acked_at - asked_at,
        "download, decode and fit in the fence, keep, commit, claim, sign": call.at - acked_at,
        "fetch the result, keep, label, XMP, upload": posted_at - answered_at,
        "sum: command to post, less the API's time": posted_at - asked_at - (answered_at - call.at),
    }


def _bare(data: bytes) -> dict[str, float]:
    """Time what has to be done to any upload and result: decode and encode twice, draw once."""
    decoded = Image.open(io.BytesIO(data))
    decoded.load()
    font = ImageFont.load_default(70)

    def draw() -> None:
        ImageDraw.Draw(decoded).text((20, _SIDE - 100), "AI-generated", font=font)

    steps: dict[str, Callable[[], object]] = {
        "decode": lambda: Image.open(io.BytesIO(data)).load(),
        "draw": draw,
        "encode": lambda: decoded.save(io.BytesIO(), "JPEG", quality=95, subsampling=0),
    }
    took = {name: _median(step) for name, step in steps.items()}
    return {**took, "decode + draw + encode": sum(took.values())}


def _median(step: Callable[[], object]) -> float:
    times = []
    for _ in range(_RUNS):
        started = time.perf_counter()
        step()
        times.append(time.perf_counter() - started)
    return statistics.median(times)
