"""The Cancel button of a waiting message, and the one that confirms a cancel that costs."""

import re
from typing import Any, Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.domain.errors import EaselError
from bot.domain.jobs.job import Cancel, JobId
from bot.services.own_jobs import Actor, Cancelled, OwnJobs
from cogs.views.hosting import operator_of

COG = "Cancel"
_ENDED = "Cancelled. Nothing was used from {whose} quota."
_MARKED = (
    "Cancelled. The service finishes its work; its result is not shown, and it counts towards "
    "{whose} quota."
)
_ASKED = (
    "The service is at work on it already. If you cancel now, the result is not shown, **and it "
    "still counts towards {whose} quota and is paid.**"
)
_SENTENCES = {Cancel.ENDED: _ENDED, Cancel.MARKED: _MARKED, Cancel.PAID: _ASKED}


class _HasOwnJobs(Protocol):
    own_jobs: OwnJobs


def asker_of(interaction: discord.Interaction[Any]) -> Actor:
    """Return who acts, with what they may do at this moment."""
    guild_id = interaction.guild_id
    may_manage = guild_id is not None and interaction.permissions.manage_guild
    return Actor(interaction.user.id, guild_id, may_manage=may_manage)


async def say(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Answer the asker alone."""
    await interaction.response.send_message(sentence, ephemeral=True)


class _Guarded:
    """What both buttons have: a job's id, and who may press."""

    job_id: JobId

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let the asker and moderators through; raises what others read."""
        await _own_jobs(interaction).check_asker(self.job_id, asker_of(interaction))
        return True


class CancelButton(
    _Guarded, ui.DynamicItem[ui.Button[Any]], template=r"easel:cancel:(?P<job>[0-9a-z]{13})"
):
    """Cancels a waiting job at once, and asks first where that would cost."""

    def __init__(self, job_id: JobId) -> None:
        super().__init__(ui.Button(label="Cancel", custom_id=f"easel:cancel:{job_id}"))
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id, also after a restart."""
        return cls(JobId(match["job"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel the job."""
        await cancel(interaction, _own_jobs(interaction), self.job_id)


class CancelPaidButton(
    _Guarded, ui.DynamicItem[ui.Button[Any]], template=r"easel:cancel-paid:(?P<job>[0-9a-z]{13})"
):
    """Confirms a cancel that costs; only the asker sees it."""

    def __init__(self, job_id: JobId) -> None:
        danger: ui.Button[Any] = ui.Button(
            label="Cancel anyway",
            style=discord.ButtonStyle.danger,
            custom_id=f"easel:cancel-paid:{job_id}",
        )
        super().__init__(danger)
        self.job_id = job_id

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id, also after a restart."""
        return cls(JobId(match["job"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel the job at its price."""
        jobs = _own_jobs(interaction)
        # First, so that no cancel is carried out whose member reads that it failed.
        await interaction.response.defer()
        try:
            done = await jobs.cancel(self.job_id, asker_of(interaction), if_sent=True)
        except EaselError as refusal:
            await interaction.response.edit_message(
                content=refusal.in_chat(operator_of(interaction)), view=None
            )
            return
        try:
            await interaction.response.edit_message(content=_sentence(done), view=None)
        finally:
            # After the answer, for which Discord waits three seconds only.
            await jobs.show_mark(self.job_id)


async def cancel(interaction: discord.Interaction[Any], jobs: OwnJobs, job_id: JobId) -> None:
    """Cancel a job and say what came of it, or ask before a cancel that costs."""
    # First, so that no cancel is carried out whose member reads that it failed.
    await interaction.response.defer(ephemeral=True, thinking=True)
    done = await jobs.cancel(job_id, asker_of(interaction), if_sent=False)
    if done.outcome is Cancel.PAID:
        view = ui.View(timeout=None).add_item(CancelPaidButton(job_id))
        await interaction.response.send_message(_sentence(done), view=view, ephemeral=True)
        return
    await say(interaction, _sentence(done))


def _sentence(done: Cancelled) -> str:
    return _SENTENCES[done.outcome].format(whose="your" if done.is_own else "the member's")


def _own_jobs(interaction: discord.Interaction[Any]) -> OwnJobs:
    client = cast("commands.Bot", interaction.client)
    return cast("_HasOwnJobs", client.get_cog(COG)).own_jobs
