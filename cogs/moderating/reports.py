"""What members tell moderators of: a refusal they think wrong, a picture that troubles them."""

import re
from typing import Any, Protocol, Self, cast

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.domain.discord_limits import CHOICES
from bot.domain.jobs.job import JobId
from bot.domain.wording.sentences import say
from bot.ports.delivery import Place
from bot.services.members.reports import Reports
from cogs.views.job_buttons import cog_of
from cogs.views.messages import job_of
from cogs.views.permissions import actor_of
from cogs.views.pictures import pictures_in

_ASKED = (
    "The moderators were told, with your prompt. What they do about it is up to them; nothing "
    "changes by itself."
)


_REPORTED = (
    "The moderators were told of this picture, and that it was you. Nobody else reads of it, and "
    "what they do about it is up to them."
)


_WHICH = "This result has several pictures. Which one do you report?"
_WHICH_PICTURE = "Which picture?"
_PICTURE = "Picture {number}"


class _ReportsCog(Protocol):
    async def pick(
        self, interaction: discord.Interaction[Any], job_id: JobId, shown: Place, picture: int
    ) -> None: ...


class ReportSelect(
    ui.DynamicItem[ui.Select[Any]],
    template=r"easel:report:(?P<job>[0-9a-z]{13}):(?P<channel>[0-9]{1,20}):(?P<message>[0-9]{1,20})",
):
    """Asks which of a result's pictures is reported, and where they stand."""

    def __init__(self, job_id: JobId, shown: Place, select: ui.Select[Any]) -> None:
        super().__init__(select)
        self.job_id = job_id
        self.shown = shown

    @classmethod
    def of(cls, job_id: JobId, shown: Place, count: int) -> Self:
        """Return the select with so many pictures, as far as it takes them."""
        options = [
            discord.SelectOption(value=str(number), label=say(_PICTURE, number=number))
            for number in range(1, min(count, CHOICES) + 1)
        ]
        custom_id = f"easel:report:{job_id}:{shown[0]}:{shown[1]}"
        select = ui.Select[Any](
            custom_id=custom_id, placeholder=say(_WHICH_PICTURE), options=options
        )
        return cls(job_id, shown, select)

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Take the select up again, also after a restart."""
        shown = int(match["channel"]), int(match["message"])
        return cls(JobId(match["job"]), shown, cast("ui.Select[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Report the picture that was chosen."""
        cog = cast("_ReportsCog", cog_of(interaction, "Reports"))
        await cog.pick(interaction, self.job_id, self.shown, int(self.item.values[0]))


class ReportCommands(commands.Cog, name="Reports"):
    """Turns a button and a message's menu into lines in the moderators' channel."""

    def __init__(self, reports: Reports) -> None:
        self.reports = reports
        # The library takes menus of no cog's methods by itself: the client asks for these.
        self.menus = (app_commands.ContextMenu(name="Report picture", callback=self.report),)

    async def report(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Report a result to the moderators, whoever it troubles."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        shown, job_id = (message.channel.id, message.id), job_of(interaction, message)
        count = len(pictures_in(message))
        if count > 1:
            job = await self.reports.check(job_id, actor_of(interaction))
            view = ui.View(timeout=None).add_item(ReportSelect.of(job.id, shown, count))
            await interaction.response.send_message(say(_WHICH), view=view, ephemeral=True)
            return
        await self.reports.report(job_id, actor_of(interaction), shown)
        await interaction.response.send_message(say(_REPORTED), ephemeral=True)

    async def pick(
        self, interaction: discord.Interaction[Any], job_id: JobId, shown: Place, picture: int
    ) -> None:
        """Report one of a result's pictures; `picture` counts from 1."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.reports.report(job_id, actor_of(interaction), shown, picture)
        await interaction.response.send_message(say(_REPORTED), ephemeral=True)

    async def ask(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Ask the moderators to look at a refusal by review."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.reports.ask(job_id, actor_of(interaction))
        await interaction.response.send_message(say(_ASKED), ephemeral=True)
