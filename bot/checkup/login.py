"""Logs in to Discord as the bot, over REST alone, for as long as a check takes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord

from bot.chat.client import redirect
from bot.domain.operator_errors import DiscordUnreachable, SettingsError
from bot.domain.wording.unreachable import why_unreachable
from bot.settings.config import Settings

_UNSET = (
    "DISCORD_TOKEN is not set; copy it from your application's Bot page in the Discord developer "
    "portal"
)
_REFUSED = "Discord refused DISCORD_TOKEN; reset it on the application's Bot page"


@asynccontextmanager
async def logged_in(settings: Settings) -> AsyncIterator[discord.Client]:
    """Yield a client that is logged in; raises SettingsError or DiscordUnreachable."""
    token = settings.variables.DISCORD_TOKEN
    if token is None:
        raise SettingsError(_UNSET)
    if settings.variables.EASEL_DISCORD_API:
        redirect(settings.variables.EASEL_DISCORD_API)
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        try:
            await client.login(token.get_secret_value())
        except discord.LoginFailure:
            raise SettingsError(_REFUSED) from None
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise DiscordUnreachable(why=why_unreachable(error)) from error
        yield client
