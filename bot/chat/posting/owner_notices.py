"""Writes to a server's owner directly."""

from types import MappingProxyType

import aiohttp
import discord
import structlog

from bot.chat.faults import is_final, status_of
from bot.domain.moderation.owner_notices import OwnerNotice
from bot.domain.wording.sentences import say

_log = structlog.get_logger(__name__)

_TEXTS = MappingProxyType(
    {
        OwnerNotice.LOG_CLOSED: (
            "**The log channel of {guild} takes no messages from me:** {channel_id:channel}. Let "
            "me see it and send messages there, or choose another one with `/settings log`. What "
            "it should have told waits for a day, and requests that wait for a moderator’s "
            "approval are not shown there; what nobody approves expires after 24 hours. I say this "
            "once."
        ),
        OwnerNotice.NOBODY_TO_APPROVE: (
            "Pictures of new members of your server {guild} wait for a moderator’s approval, and "
            "Easel cannot ask for it: there is no log channel, or Easel may not write there. "
            "`/settings log` chooses one, `/settings approval` changes who has to wait. What "
            "nobody approves expires after 24 hours."
        ),
    }
)


class OwnerMessages:
    """Direct messages over REST; pings nobody."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def tell(self, guild_id: int, notice: OwnerNotice, channel_id: int | None) -> bool:
        """Tell a server's owner; False when a later try may do better, and that is logged."""
        guild = self._client.get_guild(guild_id)
        try:
            guild = guild or await self._client.fetch_guild(guild_id)
            text = say(_TEXTS[notice], guild=guild.name, channel_id=channel_id or 0)
            owner = await self._client.create_dm(discord.Object(guild.owner_id or 0))
            await owner.send(text, allowed_mentions=discord.AllowedMentions.none())
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("owner_not_told", guild=guild_id, status=status_of(error))
            return is_final(error)
        return True
