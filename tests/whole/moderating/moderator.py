"""A moderator, and what only they read."""

from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply, Visitor


def moderator(stand_ins: StandIns) -> Visitor:
    if stand_ins.guild.member("Mo") is None:
        stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    return stand_ins.visitor("Mo")


async def text_of(reply: Reply) -> str:
    """What was answered, which may come after the acknowledgement."""
    return (await reply.until(lambda message: bool(message.text))).text
