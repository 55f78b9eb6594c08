"""The buttons under a job's message: each knows the job, outlives restarts, and asks its cog."""

import re
from typing import Any, ClassVar, Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.domain.jobs.job import JobId

_JOB = r"(?P<job>[0-9a-z]{13})"


class _CancelCog(Protocol):
    async def check_asker(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...
    async def cancel_or_ask(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...
    async def cancel_paid(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class _AgainCog(Protocol):
    async def repeat(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class _JobButton(ui.DynamicItem[ui.Button[Any]], template=f"easel:{_JOB}"):
    """A button with a job's id in its own; `cog` does what it says, `kind` tells it from others."""

    cog: ClassVar[str]
    kind: ClassVar[str]
    label: ClassVar[str]
    style: ClassVar[discord.ButtonStyle] = discord.ButtonStyle.secondary

    def __init__(self, job_id: JobId, label: str | None = None) -> None:
        custom_id = f"easel:{self.kind}:{job_id}"
        super().__init__(
            ui.Button(custom_id=custom_id, label=label or self.label, style=self.style)
        )
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id, also after a restart."""
        return cls(JobId(match["job"]))

    def _its_cog(self, interaction: discord.Interaction[Any]) -> commands.Cog | None:
        # Looked up by name: all that Discord hands back of a button is its id.
        return cast("commands.Bot", interaction.client).get_cog(self.cog)


class AgainButton(_JobButton, template=f"easel:again:{_JOB}"):
    """Asks for the same again; works for the asker."""

    cog, kind, label = "Again", "again", "Again"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Submit the job anew, or ask for its picture in a form."""
        await cast("_AgainCog", self._its_cog(interaction)).repeat(interaction, self.job_id)


class _CancellingButton(_JobButton, template=f"easel:cancelling:{_JOB}"):
    cog = "Cancel"

    def _cancel(self, interaction: discord.Interaction[Any]) -> _CancelCog:
        return cast("_CancelCog", self._its_cog(interaction))

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let the asker and moderators through; raises what others read."""
        await self._cancel(interaction).check_asker(interaction, self.job_id)
        return True


class CancelButton(_CancellingButton, template=f"easel:cancel:{_JOB}"):
    """Cancels a waiting job at once, and asks first where that would cost."""

    kind, label = "cancel", "Cancel"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel the job."""
        await self._cancel(interaction).cancel_or_ask(interaction, self.job_id)


class CancelPaidButton(_CancellingButton, template=f"easel:cancel-paid:{_JOB}"):
    """Confirms a cancel that costs; only the asker sees it."""

    kind, label, style = "cancel-paid", "Cancel anyway", discord.ButtonStyle.danger

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel the job at its price."""
        await self._cancel(interaction).cancel_paid(interaction, self.job_id)
