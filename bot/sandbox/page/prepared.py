"""Prepares the scene: people use the bot, so that a visitor finds pictures and a queue."""

import asyncio
import contextlib
from typing import Final

from bot.sandbox.discord.visitor import NotAcknowledged, Visitor
from bot.sandbox.discord.world.forms import CannotSend, Upload
from bot.sandbox.discord.world.people import Emoji
from bot.sandbox.page.stage import Stage, photo
from bot.sandbox.tencent.server import TencentSandbox

SECONDS_PER_PICTURE: Final = 4.0
_PATIENCE_S: Final = 30.0
_WAITING: Final = (
    ("Bo", "workshop", "a forest in the fog"),
    ("Mira", "workshop", "mountains over a lake at dawn"),
    ("Ada", "pictures", "a boat on the sea under the moon"),
)


async def prepare(stage: Stage, tencent: TencentSandbox) -> None:
    """Let a few pictures be made at once; once a visitor looks, one at a time while others wait.

    All of it is what the bot itself answers; if it is gone meanwhile, the scene stays as it is.
    """
    tencent.seconds_per_picture = 0.0
    try:
        await stage.discord.world.until(lambda: _is_ready(stage))
        with contextlib.suppress(CannotSend, NotAcknowledged, TimeoutError):
            await _results(stage)
    finally:
        tencent.seconds_per_picture = SECONDS_PER_PICTURE
    await stage.discord.world.until(lambda: stage.has_visitor)
    with contextlib.suppress(CannotSend, NotAcknowledged):
        for name, channel, prompt in _WAITING:
            await _visitor(stage, name, channel).imagine(prompt)


def _is_ready(stage: Stage) -> bool:
    return stage.discord.gateway.ready() and bool(stage.discord.commands.all(None))


async def _results(stage: Stage) -> None:
    ada, bo, mira = (_visitor(stage, name) for name in ("Ada", "Bo", "Mira"))
    cat = photo("cat.jpg")
    brush = next((one.mention for one in _emojis(stage) if one.name == "brush"), "")
    ada.say(f"This is Miso. Can she be a watercolour? {brush}", cat)
    watercolour, lighthouse, four = await asyncio.gather(
        ada.restyle(cat, prompt="as a watercolour"),
        ada.imagine("a lighthouse over the sea at dusk"),
        bo.imagine("a city by night under the moon", count=4),
    )
    # The one that comes first, since the two others share the one slot of their pool.
    await watercolour.settled(_PATIENCE_S)
    [picture, *_] = await watercolour.pictures()
    again = await mira.restyle(Upload("watercolour.png", picture), prompt="as a pencil sketch")
    await asyncio.gather(*(each.settled(_PATIENCE_S) for each in (lighthouse, four, again)))


def _emojis(stage: Stage) -> list[Emoji]:
    return stage.home.guild.emojis if stage.home.guild else []


def _visitor(stage: Stage, name: str, channel: str = "") -> Visitor:
    user = next(one.user for one in stage.people if one.user.name == name)
    there = stage.home.guild.channels if stage.home.guild else []
    named = next((each for each in there if each.name == channel), stage.home)
    return Visitor(stage.discord, user, named)
