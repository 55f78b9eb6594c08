"""Whether a flood delays anybody else, and how evenly busy servers share a pool."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from bench.figures import table
from bench.processes import process
from bench.stamp import Stamp, photo
from bot.cli.local_stack import StandIns, open_stand_ins
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.world import Message

T = TypeVar("T")

_FLOOD = 500
_FLOODERS = 10
_FLOOD_SIDES = (256, 256)
_SLOTS = 3
_SECONDS = 1.0
_ALLOWED_S = 0.05  # over one job's time
_BUSY_JOBS = 60
_SETTINGS = f"""
[pools.aiart]
concurrency = {_SLOTS}
[limits]
per_guild = {_SLOTS}
per_user = {_SLOTS}
queued_per_user = 100
[quotas]
user_per_day = -1
guild_per_day = -1
account_usd_per_month = -1
"""


async def main() -> None:
    """Flood from one server while another asks once; then let three servers compete."""
    rows = []
    for name, scene in (("all queued", _newcomer), ("uploads being decoded", _during_decode)):
        waits = sorted([await _played(scene) for _ in range(3)])
        figures = (f"{wait:.3f}" for wait in waits)
        rows.append((name, *figures, f"{_SECONDS + _ALLOWED_S:.2f}"))
    title = f"flood: {_FLOOD} jobs of one server, pool of {_SLOTS}, jobs of {_SECONDS:.0f} s"
    header = ("another server asks once", "starts after s, best", "median", "worst", "allowed s")
    print(table(title, header, rows))
    print()
    shares = await _played(_shares)
    title = f"fairness: jobs started of three busy servers, of {_BUSY_JOBS} in all"
    row = (*shares, f"{_jain(shares):.4f}")
    print(table(title, ("server 1", "server 2", "server 3", "Jain"), [row]))


async def _played(scene: Callable[[StandIns], Awaitable[T]]) -> T:
    stamp = Stamp(photo((256, 256)))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "easel.toml").write_text(_SETTINGS)
        async with open_stand_ins(seconds_per_picture=_SECONDS, artist=stamp) as stand_ins:
            environment = stand_ins.variables(Path(folder))
            environment["EASEL_CONFIG"] = str(Path(folder) / "easel.toml")
            async with process(stand_ins, ("bot", "run"), environment):
                return await scene(stand_ins)


async def _newcomer(stand_ins: StandIns) -> float:
    """Return the seconds from a lone request in a full queue to its call at the API."""
    await _flood(stand_ins)
    await _all_queued(stand_ins)
    return await _asked_once(stand_ins)


async def _during_decode(stand_ins: StandIns) -> float:
    """Return the same while most of the flood's uploads are neither fetched nor decoded."""
    await _flood(stand_ins)
    if sum(map(_is_thinking, _messages(stand_ins))) < _FLOOD / 4:
        raise RuntimeError("the uploads were decoded faster than the flood came in")
    return await _asked_once(stand_ins)


async def _flood(stand_ins: StandIns) -> None:
    flooders = _members(stand_ins, "flood", _FLOODERS)
    upload = photo(_FLOOD_SIDES)
    async with asyncio.TaskGroup() as group:
        for number in range(_FLOOD):
            member = flooders[number % _FLOODERS]
            group.create_task(member.restyle(upload, prompt=f"flood {number}"))


async def _asked_once(stand_ins: StandIns) -> float:
    (newcomer,) = _members(stand_ins, "quiet", 1)
    await _ask(newcomer, "one picture, please")
    asked_at = time.time()
    while (called_at := _called_at(stand_ins, "one picture, please")) is None:
        await asyncio.sleep(0.005)
    return called_at - asked_at


async def _all_queued(stand_ins: StandIns) -> None:
    """Wait until every request of the flood has become a job: nobody's "thinking" any more."""
    while any(map(_is_thinking, _messages(stand_ins))):
        await asyncio.sleep(0.1)


def _messages(stand_ins: StandIns) -> list[Message]:
    world = stand_ins.discord.world
    channels = [channel for channel in world.channels.values() if channel.guild]
    return [message for channel in channels for message in world.messages(channel)]


def _is_thinking(message: Message) -> bool:
    return message.loading


async def _shares(stand_ins: StandIns) -> list[int]:
    """Return how many jobs each server started, of the first sixty; the first one asks most."""
    servers = [_members(stand_ins, f"server {number}", 5) for number in range(3)]
    for number in range(5):
        for server, members in enumerate(servers):
            # One asks for four times as much as the others, and first.
            for extra in range((80, 20, 20)[server] // 5):
                await _ask(members[number], f"server {server} {number} {extra}")
    calls = stand_ins.tencent.calls
    while len(calls) < _BUSY_JOBS:
        await asyncio.sleep(0.05)
    counted = [str(call.params["Prompt"]).split()[1] for call in calls[:_BUSY_JOBS]]
    return [counted.count(str(server)) for server in range(3)]


def _jain(shares: list[int]) -> float:
    return sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares))


def _called_at(stand_ins: StandIns, prompt: str) -> float | None:
    found = (call.at for call in stand_ins.tencent.calls if call.params.get("Prompt") == prompt)
    return next(found, None)


def _members(stand_ins: StandIns, name: str, count: int) -> list[Visitor]:
    guild = stand_ins.discord.world.add_guild(name)
    channel = guild.add_channel("pictures")
    return [stand_ins.discord.visitor(f"{name} {n}", guild, channel) for n in range(count)]


async def _ask(member: Visitor, prompt: str) -> None:
    await member.restyle(photo((64, 64)), prompt=prompt)
