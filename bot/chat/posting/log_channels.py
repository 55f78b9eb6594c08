"""Posts notices to moderators in the channels they chose for them."""

import aiohttp
import discord
import structlog

from bot.chat.faults import is_final, status_of
from bot.chat.posting.notices import budget_notice
from bot.domain.quotas.allowances import Use

_log = structlog.get_logger(__name__)


class LogChannels:
    """Posts over REST, so that it needs no gateway; pings nobody."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def post_budget(self, channel_id: int, use: Use) -> bool:
        """Tell of a server's budget; False when a later try may do better.

        A channel that is gone or closed to the bot is only logged: it stays set, because its
        permissions may come back.
        """
        channel = self._client.get_partial_messageable(channel_id)
        try:
            await channel.send(budget_notice(use), allowed_mentions=discord.AllowedMentions.none())
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            status = status_of(error)
            _log.warning("notice_not_posted", channel=channel_id, status=status, exc_info=True)
            return is_final(error)
        return True
