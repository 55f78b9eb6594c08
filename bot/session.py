"""A session with Discord: the log-in, the gateway while it lasts, the wait before the log-out."""

import asyncio

import aiohttp
import discord

from bot.client import Client
from bot.config import Settings, SettingsError
from bot.domain.errors import DiscordUnreachable

_TOKEN_REFUSED = 4004  # gateway close code (Discord docs, 2026-08)


async def log_in(client: Client, token: str, settings: Settings) -> None:
    """Log in; raises SettingsError for a wrong token, else DiscordUnreachable."""
    try:
        await client.login(token)
        if settings.variables.EASEL_DISCORD_API:
            await client.find_gateway()
    except discord.LoginFailure:
        raise SettingsError("DISCORD_TOKEN: Discord refused it; make a new one there") from None
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise DiscordUnreachable(why=type(error).__name__) from error


async def stay_connected(client: Client) -> None:
    """Serve the gateway until the log-out; raises SettingsError when the token is reset."""
    try:
        await client.connect()
    except Exception as error:
        if isinstance(error, discord.ConnectionClosed) and error.code == _TOKEN_REFUSED:
            # It was reset while the bot ran.
            raise SettingsError("DISCORD_TOKEN: Discord no longer takes it") from None
        # Closed by us while the connection was being made, it may break in any way.
        if not client.is_closed():
            raise


async def drain(client: Client, work: asyncio.Task[None] | None) -> None:
    """Wait for the worker and for the interactions at work; both still need client and storage."""
    async with asyncio.TaskGroup() as group:
        group.create_task(client.interactions.end(), name="last interactions")
        if work is not None:
            await asyncio.wait({work})
