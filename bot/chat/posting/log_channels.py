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
from bot.domain.moderation.log_lines import LogBatch, Taken
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
        fault = await self._post(channel_id, budget_notice(use))
        return fault is None or is_final(fault)

    async def post_report(
        self, channel_id: int, job: Job, report: Report, shown: Place | None
    ) -> bool:
        """Tell of what a member reports; False where moderators were not told."""
        text = report_text(job, report, shown)
        return await self._post(channel_id, text, nonce=nonce_of(report)) is None

    async def post_lines(self, batch: LogBatch) -> Taken:
        """Post lines in one message; the same lines once more, shortly after, are no second one."""
        lines = [line for line in batch.lines if line.tells_something]
        if not lines:
            return Taken.NOW
        # A number alone comes again: SQLite gives that of a row that is gone to the next one.
        nonce = f"{lines[0].at:.3f}-{lines[-1].number}"
        fault = await self._post(batch.channel_id or 0, view=LogLayout(lines), nonce=nonce)
        if fault is None:
            return Taken.NOW
        if is_of_message(fault):
            return Taken.REFUSED
        return Taken.CLOSED if is_final(fault) else Taken.LATER

    async def _post(
        self, channel_id: int, text: str | None = None, **message: Any
    ) -> Exception | None:
        """Post a message, or return what Discord answers instead; that is logged."""
        channel = self._client.get_partial_messageable(channel_id)
        try:
            await channel.send(text, allowed_mentions=discord.AllowedMentions.none(), **message)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            status = status_of(error)
            _log.warning("notice_not_posted", channel=channel_id, status=status, exc_info=True)
            return error
        return None
