"""How well a pool of three is kept busy, and that it is never overrun."""

import asyncio
import os
import tempfile
import time
from pathlib import Path

from bench.figures import table
from bench.processes import process
from bench.stamp import Stamp, photo
from bot.cli.local_stack import StandIns, open_stand_ins
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.forms import Upload

_JOBS = 60
_SECONDS = 1.0
_SLOTS = 3
_SERVERS = 3
_MEMBERS_PER_SERVER = 2


async def main() -> None:
    """Queue sixty jobs by six members of three servers, and print ideal over real."""
    with tempfile.TemporaryDirectory() as folder:
        stamp = Stamp(photo((256, 256)))
        async with open_stand_ins(seconds_per_picture=_SECONDS, artist=stamp) as stand_ins:
            environment = stand_ins.variables(Path(folder))
            (Path(folder) / "easel.toml").write_text("[limits]\nqueued_per_user = 100\n")
            environment["EASEL_CONFIG"] = str(Path(folder) / "easel.toml")
            async with process(stand_ins, ("bot", "run"), environment):
                span_s = await _run(stand_ins)
            ideal_s = _JOBS * _SECONDS / _SLOTS
            peak = stand_ins.tencent.peak["aiart"]
            refused = stand_ins.tencent.refused_busy
    row = (f"{ideal_s:.1f}", f"{span_s:.2f}", f"{ideal_s / span_s:.3f}", peak, refused)
    title = f"slots: {_JOBS} jobs of {_SECONDS:.0f} s, {_SERVERS} servers, pool of {_SLOTS}"
    header = ("ideal s", "real s", "ideal / real", "peak at the API", "JobNumExceed")
    print(table(title, header, [row]))


async def _run(stand_ins: StandIns) -> float:
    """Return the seconds from the first call at the API to the last answer."""
    members = list(_members(stand_ins))
    await _warm_up(stand_ins)
    upload = Upload("photo.jpg", photo((256, 256)))
    for _ in range(_JOBS // len(members)):
        for member in members:
            await member.restyle(upload)
    while len(stand_ins.tencent.charged) < _JOBS or stand_ins.tencent.running["aiart"]:
        await asyncio.sleep(0.05)
    calls = stand_ins.tencent.calls
    last = max(call.answered_at or time.time() for call in calls)
    return last - min(call.at for call in calls)


async def _warm_up(stand_ins: StandIns) -> None:
    """Let one job pass, then forget it."""
    reply = await stand_ins.visitor("Ada").restyle(Upload("photo.jpg", photo((256, 256))))
    await reply.until(lambda message: bool(message.attachments))
    await asyncio.sleep(0.5)
    stand_ins.tencent.calls.clear()
    stand_ins.tencent.charged.clear()


def _members(stand_ins: StandIns) -> list[Visitor]:
    found = []
    for server in range(_SERVERS):
        guild = stand_ins.discord.world.add_guild(f"server {server} {os.getpid()}")
        channel = guild.add_channel("pictures")
        found += [
            stand_ins.discord.visitor(f"member {server}.{number}", guild, channel)
            for number in range(_MEMBERS_PER_SERVER)
        ]
    return found
