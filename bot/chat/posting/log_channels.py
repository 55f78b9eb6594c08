"""Posts notices to moderators in the channels they chose for them."""

from typing import Any

import aiohttp
import discord
import structlog

from bot.chat.faults import is_final, is_of_message, status_of
from bot.chat.posting.notices import budget_notice
from bot.chat.posting.reports import nonce_of, report_text
from bot.domain.jobs.job import Job
from bot.domain.members.reports import Report
from bot.domain.moderation.log_lines import LogBatch, Taken, Told
from bot.domain.quotas.allowances import Use
from bot.ports.delivery import Place
from cogs.views.moderating.log_layout import LogLayout

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
        shown = await self._post(channel_id, budget_notice(use))
        return isinstance(shown, discord.Message) or is_final(shown)

    async def post_report(
        self, channel_id: int, job: Job, report: Report, shown: Place | None
    ) -> bool:
        """Tell of what a member reports; False where moderators were not told."""
        text = report_text(job, report, shown)
        posted = await self._post(channel_id, text, nonce=nonce_of(report))
        return isinstance(posted, discord.Message)

    async def post_lines(self, batch: LogBatch) -> Told:
        """Post lines in one message; the same lines once more, shortly after, are no second one."""
        lines = [line for line in batch.lines if line.tells_something]
        if not lines:
            return Told(Taken.NOW)
        # A number alone comes again: SQLite gives that of a row that is gone to the next one.
        nonce = f"{lines[0].at:.3f}-{lines[-1].number}"
        shown = await self._post(batch.channel_id or 0, view=LogLayout(lines), nonce=nonce)
        if isinstance(shown, discord.Message):
            return Told(Taken.NOW, shown.id)
        if is_of_message(shown):
            return Told(Taken.REFUSED)
        return Told(Taken.CLOSED if is_final(shown) else Taken.LATER)

    async def edit_lines(self, batch: LogBatch) -> Taken:
        """Show a message's lines as they are to be told now; it goes where none is left."""
        channel = self._client.get_partial_messageable(batch.channel_id or 0)
        message = channel.get_partial_message(batch.message_id or 0)
        lines = [line for line in batch.lines if line.tells_something]
        try:
            if lines:
                nobody = discord.AllowedMentions.none()
                await message.edit(view=LogLayout(lines), allowed_mentions=nobody)
            else:
                await message.delete()
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            place = {"channel": batch.channel_id, "message": batch.message_id}
            _log.warning("log_lines_not_edited", **place, status=status_of(error), exc_info=True)
            return Taken.REFUSED if is_final(error) else Taken.LATER
        return Taken.NOW

    async def _post(
        self, channel_id: int, text: str | None = None, **message: Any
    ) -> discord.Message | Exception:
        """Post a message, or return what Discord answers instead; that is logged."""
        channel = self._client.get_partial_messageable(channel_id)
        try:
            return await channel.send(
                text, allowed_mentions=discord.AllowedMentions.none(), **message
            )
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            status = status_of(error)
            _log.warning("notice_not_posted", channel=channel_id, status=status, exc_info=True)
            return error
