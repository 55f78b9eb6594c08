"""A member with one job at work and one that waits, and what only they read."""

from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply, Visitor
from tests.whole.conftest import (
    photo,
    says,
    until,
)


async def said(reply: Reply) -> str:
    """What only the asker reads, which comes after the acknowledgement."""
    text = (await reply.until(lambda message: bool(message.text))).text
    assert reply.ephemeral
    return text


async def busy_and_waiting(stand_ins: StandIns, ada: Visitor) -> tuple[Reply, Reply]:
    """Ada's first job, held at work at the API, and her second one waiting behind it."""
    stand_ins.tencent.hold()
    first = await ada.restyle(photo())
    await until(lambda: stand_ins.tencent.running["aiart"] == 1)
    second = await ada.restyle(photo(), prompt="the second one")
    await second.until(says("Queued"))
    return first, second
