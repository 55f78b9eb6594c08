"""The buttons under a job's message: each knows the job, outlives restarts, and asks its cog."""

import re
from typing import Any, ClassVar, Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.domain.jobs.job import JobId


class _CancelCog(Protocol):
    async def check_asker(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...
    async def cancel_or_ask(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...
    async def cancel_paid(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class _AgainCog(Protocol):
    async def repeat(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class _JobButton:
    """What they all have: the job's id in theirs, and the cog that does the work."""

    cog: ClassVar[str]
    job_id: JobId

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id, also after a restart."""
        return cls(JobId(match["job"]))

    def __init__(self, job_id: JobId) -> None:
        self.job_id = job_id

    def cog_of(self, interaction: discord.Interaction[Any]) -> Any:
        """Return the cog, which the button itself cannot be given: Discord hands only its id."""
        return cast("commands.Bot", interaction.client).get_cog(self.cog)


class AgainButton(
    _JobButton, ui.DynamicItem[ui.Button[Any]], template=r"easel:again:(?P<job>[0-9a-z]{13})"
):
    """Asks for the same again; works for who asked."""

    cog = "Again"

    def __init__(self, job_id: JobId, label: str = "Again") -> None:
        ui.DynamicItem.__init__(self, ui.Button(label=label, custom_id=f"easel:again:{job_id}"))
        self.job_id = job_id

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Submit the job anew, or ask for its picture in a form."""
        again: _AgainCog = self.cog_of(interaction)
        await again.repeat(interaction, self.job_id)


class _CancellingButton(_JobButton):
    """What both have that cancel: who may press."""

    cog = "Cancel"

    def cancel_cog(self, interaction: discord.Interaction[Any]) -> _CancelCog:
        """Return the cog of /cancel."""
        return cast("_CancelCog", self.cog_of(interaction))

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let the asker and moderators through; raises what others read."""
        await self.cancel_cog(interaction).check_asker(interaction, self.job_id)
        return True


class CancelButton(
    _CancellingButton,
    ui.DynamicItem[ui.Button[Any]],
    template=r"easel:cancel:(?P<job>[0-9a-z]{13})",
):
    """Cancels a waiting job at once, and asks first where that would cost."""

    def __init__(self, job_id: JobId) -> None:
        ui.DynamicItem.__init__(self, ui.Button(label="Cancel", custom_id=f"easel:cancel:{job_id}"))
        self.job_id = job_id

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel the job."""
        await self.cancel_cog(interaction).cancel_or_ask(interaction, self.job_id)


class CancelPaidButton(
    _CancellingButton,
    ui.DynamicItem[ui.Button[Any]],
    template=r"easel:cancel-paid:(?P<job>[0-9a-z]{13})",
):
    """Confirms a cancel that costs; only the asker sees it."""

    def __init__(self, job_id: JobId) -> None:
        danger: ui.Button[Any] = ui.Button(
            label="Cancel anyway",
            style=discord.ButtonStyle.danger,
            custom_id=f"easel:cancel-paid:{job_id}",
        )
        ui.DynamicItem.__init__(self, danger)
        self.job_id = job_id

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel the job at its price."""
        await self.cancel_cog(interaction).cancel_paid(interaction, self.job_id)
