"""A crowd in another server, which asks for a hundred pictures at once."""

import asyncio
import contextlib
from typing import Final

from bot.sandbox.discord.visitor import NotAcknowledged, Visitor
from bot.sandbox.discord.world.forms import CannotSend
from bot.sandbox.page.stage import Stage

_MEMBERS: Final = 10
_EACH: Final = 10
# In every prompt of the crowd's, so that a fault meant for a visitor's picture passes these over.
MARK: Final = "seen from the harbour wall"
_WORDS: Final = ("boat", "gull", "pier", "storm", "lantern")


async def flood(stage: Stage) -> None:
    """Let ten members of the other server ask for ten pictures each, as fast as they are heard."""
    guild = next(g for g in stage.discord.world.guilds.values() if g is not stage.home.guild)
    names = [f"Gull {number}" for number in range(1, _MEMBERS + 1)]
    members = [guild.member(name) or guild.add_member(name) for name in names]
    stage.discord.world.announce("member joined", guild)
    visitors = [Visitor(stage.discord, m.user, guild.channels[0]) for m in members]
    await asyncio.gather(*(_ask(visitor) for visitor in visitors))


async def _ask(visitor: Visitor) -> None:
    for number in range(_EACH):
        with contextlib.suppress(CannotSend, NotAcknowledged):
            await visitor.imagine(f"a {_WORDS[number % len(_WORDS)]} {MARK}")
