"""What Approve and Deny do: newcomers' requests are let through, or end with a reason."""

from typing import Any

import discord
from discord.ext import commands

from bot.domain.jobs.job import JobId
from bot.domain.jobs.reasons.denial import Denial
from bot.domain.wording.sentences import say
from bot.services.moderation.approvals import Approvals
from cogs.moderating.approving.form import DenyForm
from cogs.views.permissions import actor_of

_APPROVED = "Approved: it waits for its turn now, and its member reads so."
_DENIED = "Denied: its member reads why, and nothing was used from their quota."


class ApprovalCommands(commands.Cog, name="Approvals"):
    """What the buttons under a question reach for."""

    def __init__(self, approvals: Approvals) -> None:
        self.approvals = approvals

    async def approve(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Say yes, tell whoever pressed, then show it to all it concerns."""
        await self._decide(interaction, job_id, None)

    async def ask_why(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Ask for the reason of a no, where there is still something to decide."""
        await self.approvals.waiting(job_id, actor_of(interaction))

        async def then(submitted: discord.Interaction[Any], denial: Denial) -> None:
            await self._decide(submitted, job_id, denial)

        await interaction.response.send_modal(DenyForm(then))

    async def _decide(
        self, interaction: discord.Interaction[Any], job_id: JobId, denial: Denial | None
    ) -> None:
        # First, so that nothing is decided by somebody who reads that it failed.
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.approvals.decide(job_id, actor_of(interaction), denial)
        try:
            said = say(_APPROVED if denial is None else _DENIED)
            await interaction.response.send_message(said, ephemeral=True)
        finally:
            await self.approvals.show(job_id)
