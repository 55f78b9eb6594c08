"""/cancel and its buttons: end a job of one's own, or as a moderator anybody's in the server."""

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.domain.errors import EaselError
from bot.domain.jobs import job as jobs
from bot.domain.jobs.job import JobId
from bot.domain.wording.quoting import Markup
from bot.domain.wording.sentences import say
from bot.services.own_jobs import Cancelled, OwnJobs
from cogs.views.hosting import operator_of
from cogs.views.job_buttons import CancelPaidButton
from cogs.views.job_option import job_choices, job_id_of_text
from cogs.views.permissions import actor_of

_OWN = {
    jobs.Cancel.ENDED: "Cancelled. Nothing was used from your quota.",
    jobs.Cancel.MARKED: (
        "Cancelled. The service finishes its work; its result is not shown, and it counts towards "
        "your quota."
    ),
    jobs.Cancel.PAID: (
        "The service is at work on it already. If you cancel now, the result is not shown, **and "
        "it still counts towards your quota and is paid.**"
    ),
}
_OF_A_MEMBER = {
    jobs.Cancel.ENDED: "Cancelled. Nothing was used from the member’s quota.",
    jobs.Cancel.MARKED: (
        "Cancelled. The service finishes its work; its result is not shown, and it counts towards "
        "the member’s quota."
    ),
    jobs.Cancel.PAID: (
        "The service is at work on it already. If you cancel now, the result is not shown, **and "
        "it still counts towards the member’s quota and is paid.**"
    ),
}


class Cancel(commands.Cog, name="Cancel"):
    """Turns /cancel and the Cancel buttons into the service's cancel."""

    def __init__(self, own_jobs: OwnJobs) -> None:
        self.own_jobs = own_jobs

    @app_commands.command()
    @app_commands.describe(job="Which one; the list shows those that wait or are being made")
    async def cancel(self, interaction: discord.Interaction, job: str) -> None:
        """Cancel a picture that waits or is being made."""
        await self.cancel_or_ask(interaction, job_id_of_text(job))

    @cancel.autocomplete("job")
    async def _suggest(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        live = self.own_jobs.live(interaction.user.id)
        return await job_choices(interaction, live, typed)

    async def check_asker(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Raise what somebody reads who neither asked for the job nor may manage the server."""
        await self.own_jobs.check_asker(job_id, actor_of(interaction))

    async def cancel_or_ask(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Cancel a job and say what came of it, or ask before a cancel that costs."""
        # First, so that no cancel is carried out whose member reads that it failed.
        await interaction.response.defer(ephemeral=True, thinking=True)
        done = await self.own_jobs.cancel(job_id, actor_of(interaction), if_sent=False)
        if done.outcome is jobs.Cancel.PAID:
            view = ui.View(timeout=None).add_item(CancelPaidButton(job_id))
            await interaction.response.send_message(_sentence(done), view=view, ephemeral=True)
            return
        await interaction.response.send_message(_sentence(done), ephemeral=True)

    async def cancel_paid(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Cancel a job at its price, where the asker was asked."""
        # First, so that no cancel is carried out whose member reads that it failed.
        await interaction.response.defer()
        try:
            done = await self.own_jobs.cancel(job_id, actor_of(interaction), if_sent=True)
        except EaselError as refusal:
            await interaction.response.edit_message(
                content=refusal.in_chat(operator_of(interaction)), view=None
            )
            return
        try:
            await interaction.response.edit_message(content=_sentence(done), view=None)
        finally:
            # After the answer, for which Discord waits three seconds only.
            await self.own_jobs.show_mark(job_id)


def _sentence(done: Cancelled) -> Markup:
    return say((_OWN if done.is_own else _OF_A_MEMBER)[done.outcome])
