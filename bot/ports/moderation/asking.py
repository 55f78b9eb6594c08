"""How moderators are asked for their yes."""

from typing import Protocol

from bot.domain.jobs.job import Job
from bot.domain.moderation.approvals import Approval, AskedFor, NotAsked


class ApprovalMessages(Protocol):
    """The questions in the moderators' channel."""

    async def ask(self, channel_id: int, asked: AskedFor) -> int | NotAsked:
        """Ask, unless an earlier try has; returns the message, or why there is none."""

    async def settle(self, approval: Approval, job: Job) -> None:
        """Show in the question what came of it, without buttons and pictures; faults are logged."""
