"""Approve and Deny under a question to the moderators."""

from typing import Any, Protocol, cast

import discord

from bot.domain.jobs.job import JobId
from cogs.views.job_buttons import JOB, JobButton, cog_of


class _ApprovalCog(Protocol):
    async def approve(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...
    async def ask_why(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class ApproveButton(JobButton, template=f"easel:approve:{JOB}"):
    """Lets a newcomer's picture be made; works for moderators."""

    kind, label, style = "approve", "Approve", discord.ButtonStyle.success

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Say yes."""
        cog = cast("_ApprovalCog", cog_of(interaction, "Approvals"))
        await cog.approve(interaction, self.job_id)


class DenyButton(JobButton, template=f"easel:deny:{JOB}"):
    """Says no to a newcomer's picture, after a form; works for moderators."""

    kind, label, style = "deny", "Deny", discord.ButtonStyle.danger

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form that asks why."""
        cog = cast("_ApprovalCog", cog_of(interaction, "Approvals"))
        await cog.ask_why(interaction, self.job_id)
