"""Prepares the scene: people use the bot, so that a visitor finds pictures and a queue."""

import asyncio
import contextlib
from typing import Final

from bot.sandbox.discord.visitor import NotAcknowledged, Visitor
from bot.sandbox.discord.world.forms import CannotSend, Upload
from bot.sandbox.discord.world.people import Emoji
from bot.sandbox.page.scene import LOG, REGULARS
from bot.sandbox.page.stage import Stage, photo
from bot.sandbox.tencent.server import TencentSandbox

SECONDS_PER_PICTURE: Final = 4.0
_PATIENCE_S: Final = 30.0
_WAITING: Final = (
    ("Bo", "workshop", "a forest in the fog"),
    ("Ada", "pictures", "a boat on the sea under the moon"),
    ("Bo", "workshop", "mountains over a lake at dawn"),
)


async def prepare(stage: Stage, tencent: TencentSandbox) -> None:
    """Let a few pictures be made at once; once a visitor looks, one at a time while others wait.

    All of it is what the bot itself answers; if it is gone meanwhile, the scene stays as it is.
    """
    tencent.seconds_per_picture = 0.0
    try:
        await stage.discord.world.until(lambda: _is_ready(stage))
        with contextlib.suppress(CannotSend, NotAcknowledged, TimeoutError):
            await _rules(stage)
            await _results(stage)
    finally:
        tencent.seconds_per_picture = SECONDS_PER_PICTURE
    await stage.discord.world.until(lambda: stage.has_visitor)
    with contextlib.suppress(CannotSend, NotAcknowledged):
        await _asked(stage)


def _is_ready(stage: Stage) -> bool:
    return stage.discord.gateway.ready() and bool(stage.discord.commands.all(None))


async def _rules(stage: Stage) -> None:
    """Let a moderator say where moderators are told, and whose requests wait for their yes."""
    guild = stage.home.guild
    if guild is None:
        return
    mira = _visitor(stage, "Mira", LOG)
    log = next(each for each in guild.channels if each.name == LOG)
    regulars = next(role for role in guild.roles if role.name == REGULARS)
    await mira.use("settings log", channel=log)
    await mira.use("settings approval", role=regulars)
    await _visitor(stage, "Nino", "workshop").imagine("a castle in the mountains")


async def _asked(stage: Stage) -> None:
    """Let people ask, last for what is seen best: a photo, and below it the job that redraws it."""
    asking = (_visitor(stage, who, where).imagine(prompt) for who, where, prompt in _WAITING)
    await asyncio.gather(*asking)
    cat, mira = photo("cat.jpg"), _visitor(stage, "Mira")
    mira.say("And in oil?", cat)
    await mira.restyle(cat, prompt="in thick oil", style="Impasto Painting")


async def _results(stage: Stage) -> None:
    ada, bo, mira = (_visitor(stage, name) for name in ("Ada", "Bo", "Mira"))
    cat = photo("cat.jpg")
    brush = next((one.mention for one in _emojis(stage) if one.name == "brush"), "")
    ada.say(f"This is Miso. Can she be a watercolour? {brush}", cat)
    watercolour, lighthouse, four = await asyncio.gather(
        ada.restyle(cat, prompt="as a watercolour", style="Watercolor"),
        ada.imagine("a lighthouse over the sea at dusk"),
        bo.imagine("a city by night under the moon", count=4),
    )
    # The one that comes first, since the two others share the one slot of their pool.
    await watercolour.settled(_PATIENCE_S)
    [picture, *_] = await watercolour.pictures()
    painted = Upload("watercolour.png", picture)
    again = await mira.restyle(painted, prompt="as a pencil sketch", style="Sketch")
    await asyncio.gather(*(each.settled(_PATIENCE_S) for each in (lighthouse, four, again)))


def _emojis(stage: Stage) -> list[Emoji]:
    return stage.home.guild.emojis if stage.home.guild else []


def _visitor(stage: Stage, name: str, channel: str = "") -> Visitor:
    user = next(one.user for one in stage.people if one.user.name == name)
    there = stage.home.guild.channels if stage.home.guild else []
    named = next((each for each in there if each.name == channel), stage.home)
    return Visitor(stage.discord, user, named)
