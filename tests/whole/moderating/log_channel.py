"""What stands in a log channel, and which budgets are noted as warned of."""

import asyncio

from sqlalchemy import func, select

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.world.world import Channel, Message
from storage.database.tables import guild_settings, settings

TEXT = 10  # the kind of a component


def posted(channel: Channel) -> list[str]:
    """The notices; lines of results and acts are layouts, which have no content."""
    return [message.content for message in channel.world.messages(channel) if message.content]


def lines_in(channel: Channel) -> list[Message]:
    """The messages of lines, which begin with a text, where a question is a card."""
    return [message for message in channel.world.messages(channel) if _is_lines(message)]


def beside_lines(channel: Channel) -> list[Message]:
    """What is no line: notices and questions."""
    return [message for message in channel.world.messages(channel) if not _is_lines(message)]


def _is_lines(message: Message) -> bool:
    return bool(message.components) and message.components[0]["type"] == TEXT


def tries_in(channel: Channel, stand_ins: StandIns) -> int:
    """How many posts were tried there, of whatever kind."""
    paths = [exchange.call.path for exchange in stand_ins.discord.exchanges]
    return paths.count(f"/channels/{channel.id}/messages")


async def until_forgotten(app: App, timeout_s: float = 10.0) -> None:
    """Wait until a warning that was tried in vain is no longer noted as given."""
    async with asyncio.timeout(timeout_s):
        while await noted(app):
            await asyncio.sleep(0.01)


async def noted(app: App) -> int:
    count = 0
    async with app.storage.engine.connect() as conn:
        for table in (guild_settings, settings):
            notes = select(func.count()).where(table.c.key.startswith("warned of"))
            count += await conn.scalar(notes) or 0
    return count
