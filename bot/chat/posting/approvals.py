"""Asks moderators for their yes in a channel of theirs, once, and shows there what came of it."""

import re
from datetime import UTC, datetime, timedelta

import aiohttp
import discord
import structlog

from bot.chat.faults import is_of_message
from bot.domain.jobs.job import Job
from bot.domain.moderation.approvals import Approval, AskedFor, NotAsked
from cogs.moderating.approving.layout import ApprovalLayout, SettledLayout, files_of

_log = structlog.get_logger(__name__)

_NO_PINGS = discord.AllowedMentions.none()
_SEARCHED = 200  # messages since the job was accepted
_FAULTS = (discord.HTTPException, aiohttp.ClientError, OSError)


class ApprovalMessagesByRest:
    """`ApprovalMessages` over REST; pings nobody."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def ask(self, channel_id: int, asked: AskedFor) -> int | NotAsked:
        """Ask, unless an earlier try has; returns the message, or why there is none."""
        channel = self._client.get_partial_messageable(channel_id)
        try:
            found = await self._find(channel, asked) if asked.approval.channel_id else None
            if found is not None:
                return found
            files = files_of(asked)
            view = ApprovalLayout(asked, files)
            # The nonce makes one message of several tries within minutes, in any process.
            nonce = f"ask-{asked.job.id}"
            sent = await channel.send(
                view=view, files=files, nonce=nonce, allowed_mentions=_NO_PINGS
            )
        except _FAULTS as error:
            _log.warning("approval_not_asked", job=asked.job.id, reason=repr(error))
            return NotAsked.REFUSED if is_of_message(error) else NotAsked.CLOSED
        return sent.id

    async def settle(self, approval: Approval, job: Job) -> None:
        """Show in the question what came of it, without buttons and pictures; faults are logged."""
        if approval.channel_id is None or approval.message_id is None:
            return
        channel = self._client.get_partial_messageable(approval.channel_id)
        message = channel.get_partial_message(approval.message_id)
        try:
            view = SettledLayout(approval, job)
            await message.edit(view=view, attachments=[], allowed_mentions=_NO_PINGS)
        except _FAULTS as error:
            _log.warning("approval_not_settled", job=job.id, reason=repr(error))

    async def _find(self, channel: discord.PartialMessageable, asked: AskedFor) -> int | None:
        """Search for what an earlier try has posted."""
        since = datetime.fromtimestamp(asked.approval.asked_at, UTC) - timedelta(minutes=1)
        its_button = re.compile(rf"easel:approve:{asked.job.id}")
        async for message in channel.history(after=since, limit=_SEARCHED, oldest_first=True):
            is_ours = message.author == self._client.user
            if is_ours and its_button.search(str(message.components)):
                return message.id
        return None
