"""The buttons under a job's message: each knows the job, outlives restarts, and asks its cog."""

import re
from typing import Any, ClassVar, Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.domain.follow_ups.kinds import FollowUp
from bot.domain.jobs.job import JobId

JOB = r"(?P<job>[0-9a-z]{13})"
"""A job's id in the pattern of a custom id."""


def cog_of(interaction: discord.Interaction[Any], name: str) -> commands.Cog | None:
    """Return the cog that does an item's work: all that Discord hands back of it is its id."""
    return cast("commands.Bot", interaction.client).get_cog(name)


class _CancelCog(Protocol):
    async def check_asker(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...
    async def cancel_or_ask(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...
    async def cancel_paid(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class _AgainCog(Protocol):
    async def repeat(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...
    async def ask_picture(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class _EditCog(Protocol):
    async def edit(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...
    async def edit_engine(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class _FollowUpsCog(Protocol):
    async def begin(
        self, interaction: discord.Interaction[Any], job_id: JobId, kind: FollowUp
    ) -> None: ...


class _DeleteCog(Protocol):
    async def delete(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class _PromptCog(Protocol):
    async def show(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class _ReportsCog(Protocol):
    async def ask(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class JobButton(ui.DynamicItem[ui.Button[Any]], template=f"easel:{JOB}"):
    """A button with a job's id in its own; `kind` tells it from others."""

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


class AgainButton(JobButton, template=f"easel:again:{JOB}"):
    """Asks for the same again; works for the asker."""

    kind, label = "again", "Again"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Submit the job anew, or ask for its picture in a form."""
        await cast("_AgainCog", cog_of(interaction, "Again")).repeat(interaction, self.job_id)


class PictureButton(JobButton, template=f"easel:picture:{JOB}"):
    """Asks for the same with another picture."""

    kind, label = "picture", "Send another picture"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form that takes the picture."""
        await cast("_AgainCog", cog_of(interaction, "Again")).ask_picture(interaction, self.job_id)


class EditButton(JobButton, template=f"easel:edit:{JOB}"):
    """Asks for something like it, put another way."""

    kind, label = "edit", "Edit"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form that is filled in from the job."""
        await cast("_EditCog", cog_of(interaction, "Edit")).edit(interaction, self.job_id)


class EngineButton(JobButton, template=f"easel:engine:{JOB}"):
    """Asks for the same of another engine."""

    kind, label = "engine", "Choose another engine"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the same form with the engines to choose from."""
        await cast("_EditCog", cog_of(interaction, "Edit")).edit_engine(interaction, self.job_id)


class UpscaleButton(JobButton, template=f"easel:upscale:{JOB}"):
    """Makes a result larger."""

    kind, label = "upscale", "Upscale"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Submit the upscaling, or ask which of several pictures it is for."""
        cog = cast("_FollowUpsCog", cog_of(interaction, "FollowUps"))
        await cog.begin(interaction, self.job_id, FollowUp.UPSCALE)


class DeleteButton(JobButton, template=f"easel:delete:{JOB}"):
    """Confirms the deletion of a result; only who asked for it sees it."""

    kind, label, style = "delete", "Delete for good", discord.ButtonStyle.danger

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Delete the result."""
        await cast("_DeleteCog", cog_of(interaction, "Delete")).delete(interaction, self.job_id)


class PromptButton(JobButton, template=f"easel:prompt:{JOB}"):
    """Shows the whole prompt, to whoever sees the message with its beginning."""

    kind, label = "prompt", "Full prompt"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the words to whoever pressed."""
        await cast("_PromptCog", cog_of(interaction, "Prompt")).show(interaction, self.job_id)


class AskButton(JobButton, template=f"easel:ask:{JOB}"):
    """Asks the moderators to look at a refusal; works for who was refused."""

    kind, label = "ask", "Ask a moderator"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the moderators."""
        await cast("_ReportsCog", cog_of(interaction, "Reports")).ask(interaction, self.job_id)


class _CancellingButton(JobButton, template=f"easel:cancelling:{JOB}"):
    def _cancel(self, interaction: discord.Interaction[Any]) -> _CancelCog:
        return cast("_CancelCog", cog_of(interaction, "Cancel"))

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let the asker and moderators through; raises what others read."""
        await self._cancel(interaction).check_asker(interaction, self.job_id)
        return True


class CancelButton(_CancellingButton, template=f"easel:cancel:{JOB}"):
    """Cancels a waiting job at once, and asks first where that would cost."""

    kind, label = "cancel", "Cancel"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel the job."""
        await self._cancel(interaction).cancel_or_ask(interaction, self.job_id)


class CancelPaidButton(_CancellingButton, template=f"easel:cancel-paid:{JOB}"):
    """Confirms a cancel that costs; only the asker sees it."""

    kind, label, style = "cancel-paid", "Cancel anyway", discord.ButtonStyle.danger

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel the job at its price."""
        await self._cancel(interaction).cancel_paid(interaction, self.job_id)
