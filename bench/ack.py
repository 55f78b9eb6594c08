"""How soon a burst of interactions is acknowledged, beside a bare bot that only defers."""

import asyncio
import gc
import json
import signal
import tempfile
from pathlib import Path

from bench.figures import quantile, table
from bench.processes import process
from bench.stamp import Stamp, photo
from bot.cli.local_stack import StandIns, open_stand_ins
from bot.sandbox.discord.visitor import NotAcknowledged, Visitor
from bot.sandbox.discord.world.forms import Upload

_INTERACTIONS = 600
_SPAN_S = 6.0
_MEMBERS = 120
_SIDES = (3200, 2400)  # about 2 MB
_NO_QUOTAS = """
[quotas]
user_per_day = -1
guild_per_day = -1
account_usd_per_month = -1
"""


async def main() -> None:
    """Send the same burst to both bots, one after the other, and print both rows."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, module in (("bare discord.py", ("bench.bare",)), ("Easel", ("bot", "run"))):
            stamp = Stamp(photo((256, 256)))
            async with open_stand_ins(seconds_per_picture=1.0, artist=stamp) as stand_ins:
                # The clock is the stand-in's: a collection of its garbage is no delay of the bot.
                gc.collect()
                gc.freeze()
                (Path(folder) / "easel.toml").write_text(_NO_QUOTAS)
                environment = stand_ins.variables(Path(folder))
                environment["EASEL_CONFIG"] = str(Path(folder) / "easel.toml")
                seen = Path(folder) / "turns.json"
                watched = ("bench.watched", str(seen), *module)
                async with process(stand_ins, watched, environment) as running:
                    running.send_signal(signal.SIGUSR1)
                    seconds = await _burst(stand_ins)
                rows.append(_row(name, seconds, json.loads(seen.read_text())))
    title = f"ack: {_INTERACTIONS} interactions in {_SPAN_S:.0f} s, a third with a 2 MB photo"
    heads = ("bot", "p50 ms", "p99 ms", "max ms", "late", "longest turn, CPU ms", "wall ms")
    print(table(title, heads, rows))


async def _burst(stand_ins: StandIns) -> list[float]:
    upload = Upload("photo.jpg", photo(_SIDES))
    members = [stand_ins.visitor(f"member {number}") for number in range(_MEMBERS)]
    async with asyncio.TaskGroup() as group:
        asked = []
        for number in range(_INTERACTIONS):
            member = members[number % _MEMBERS]
            asked.append(group.create_task(_ask(member, upload if number % 3 == 0 else None)))
            await asyncio.sleep(_SPAN_S / _INTERACTIONS)
    return [task.result() for task in asked]


async def _ask(member: Visitor, photo: Upload | None) -> float:
    """Return the seconds until the callback, infinity for more than three."""
    try:
        if photo is None:
            reply = await member.imagine("a quiet harbour")
        else:
            reply = await member.restyle(photo, prompt="as a watercolour")
    except NotAcknowledged:
        return float("inf")
    return reply.acked_after_s


def _row(name: str, seconds: list[float], turns: dict[str, list[float]]) -> tuple[object, ...]:
    late = sum(one == float("inf") for one in seconds)
    figures = (quantile(seconds, 0.5), quantile(seconds, 0.99), max(seconds))
    longest = (turns["cpu_s"][0], turns["wall_s"][0])
    acked, turned = ([f"{one * 1000:.0f}" for one in each] for each in (figures, longest))
    return (name, *acked, late, *turned)
