"""How soon suggestions come at 100 a second while pictures are being asked for all the time."""

import asyncio
import gc
import tempfile
import time
from pathlib import Path

from bench.figures import quantile, table
from bench.processes import process
from bench.stamp import Stamp, photo
from bot.cli.local_stack import StandIns, open_stand_ins
from bot.sandbox.discord.visitor import NotAcknowledged, Visitor

_PER_SECOND = 100
_SPAN_S = 10.0
_REQUESTS_PER_SECOND = 5  # of pictures, beside them
_MEMBERS = 50
_TYPED = (
    ("imagine", "engine", "transp", {}),
    ("imagine", "engine", "", {"size": "4K", "count": 4}),
    ("imagine", "style", "watrecol", {}),
    ("imagine", "style", "", {"prompt": "a quiet harbour"}),
    ("imagine", "ratio", "port", {"engine": "gg-3.0"}),
    ("restyle", "size", "", {"prompt": "as a watercolour"}),
)
_NO_QUOTAS = """
[quotas]
user_per_day = -1
guild_per_day = -1
account_usd_per_month = -1
"""


async def main() -> None:
    """Type at 100 letters a second, alone and beside requests, and print both rows."""
    rows = []
    for name, requests in (("typing alone", 0), ("beside requests", _REQUESTS_PER_SECOND)):
        with tempfile.TemporaryDirectory() as folder:
            rows.append((name, requests, *await _measured(Path(folder), requests)))
    title = f"autocomplete: {_PER_SECOND}/s for {_SPAN_S:.0f} s"
    print(table(title, ("load", "requests/s", "p50 ms", "p99 ms", "max ms", "late"), rows))


async def _measured(folder: Path, requests: int) -> list[object]:
    async with open_stand_ins(seconds_per_picture=1.0, artist=Stamp(photo((256, 256)))) as made:
        gc.collect()
        gc.freeze()  # a collection of the stand-in's garbage is no delay of the bot
        file = folder / "easel.toml"
        file.write_text(_NO_QUOTAS)
        environment = made.variables(folder) | {"EASEL_CONFIG": str(file)}
        async with process(made, ("bot", "run"), environment), asyncio.TaskGroup() as group:
            load = group.create_task(_load(made, requests))
            seconds = await _type(made)
            load.cancel()
    late = sum(one == float("inf") for one in seconds)
    figures = (quantile(seconds, 0.5), quantile(seconds, 0.99), max(seconds))
    return [*(f"{one * 1000:.0f}" for one in figures), late]


async def _load(made: StandIns, per_second: int) -> None:
    members = [made.visitor(f"asker {number}") for number in range(_MEMBERS)]
    number = 0
    async with asyncio.TaskGroup() as group:
        while per_second:
            group.create_task(members[number % _MEMBERS].imagine("a quiet harbour"))
            number += 1
            await asyncio.sleep(1 / per_second)


async def _type(made: StandIns) -> list[float]:
    members = [made.visitor(f"typist {number}") for number in range(_MEMBERS)]
    async with asyncio.TaskGroup() as group:
        asked = []
        for number in range(int(_PER_SECOND * _SPAN_S)):
            asked.append(group.create_task(_suggested(members[number % _MEMBERS], number)))
            await asyncio.sleep(1 / _PER_SECOND)
    return [task.result() for task in asked]


async def _suggested(member: Visitor, number: int) -> float:
    """Return the seconds until the suggestions came, infinity for more than three."""
    command, option, text, filled = _TYPED[number % len(_TYPED)]
    began = time.monotonic()
    try:
        await member.type(command, option, text, **filled)
    except NotAcknowledged:
        return float("inf")
    return time.monotonic() - began
