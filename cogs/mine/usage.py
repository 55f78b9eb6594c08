"""/usage: what was made, by whom and for how much, as a chart."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.jobs.fairness import Lane
from bot.domain.quotas.errors import OnlyInServers
from bot.domain.usage.report import Span, UsageReport
from bot.services.members.moderators import Moderators
from bot.services.usage.reports import UsageReports
from cogs.mine.usage_layout import UsageLayout, chart_file, chart_of, table_file
from cogs.views.permissions import actor_of

_SERVER = "server"


class UsageCommands(commands.Cog, name="Usage"):
    """Turns /usage into a chart that only the asker sees."""

    def __init__(self, reports: UsageReports, moderators: Moderators) -> None:
        self.reports = reports
        self.moderators = moderators

    @app_commands.command()
    @app_commands.describe(
        scope="Yours, or the whole server’s, which its moderators may see",
        period="How far back: 7 days if you do not say",
    )
    @app_commands.choices(
        scope=[
            app_commands.Choice(name="my own pictures", value="me"),
            app_commands.Choice(name="the whole server", value=_SERVER),
        ],
        period=[
            app_commands.Choice(name="24 hours", value=Span.DAY.value),
            app_commands.Choice(name="7 days", value=Span.WEEK.value),
            app_commands.Choice(name="30 days", value=Span.MONTH.value),
        ],
    )
    async def usage(
        self, interaction: discord.Interaction, scope: str = "me", period: str = Span.WEEK.value
    ) -> None:
        """Show how many pictures were made, day by day, as a chart."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        with TemporaryDirectory(prefix="easel-usage-") as folder:
            table = Path(folder) / "table.csv"
            await self._answer(interaction, Span(period), table, is_server=scope == _SERVER)

    async def _answer(
        self, interaction: discord.Interaction[Any], span: Span, table: Path, *, is_server: bool
    ) -> None:
        report = await self._summed(interaction, span, table, is_server=is_server)
        chart = chart_of(report, self.reports.title_of, is_server=is_server)
        picture = None
        if chart is not None:
            guild_or_channel = interaction.guild_id or interaction.channel_id or 0
            picture = await self.reports.drawn(chart, Lane(guild_or_channel, interaction.user.id))
        drawn = chart_file(chart, picture) if chart and picture else None
        csv = table_file(report, table) if is_server and chart else None
        view = UsageLayout(report, drawn, csv, is_server=is_server)
        files = [file for file in (drawn, csv) if file is not None]
        await interaction.response.send_message(view=view, files=files, ephemeral=True)

    async def _summed(
        self, interaction: discord.Interaction[Any], span: Span, table: Path, *, is_server: bool
    ) -> UsageReport:
        """Return what was used; of a server, all of it is written into a table.

        Raises OnlyInServers, or NeedsModerator.
        """
        guild_id = interaction.guild_id
        if not is_server:
            return await self.reports.of_member(guild_id, interaction.user.id, span)
        if guild_id is None:
            raise OnlyInServers
        await self.moderators.check(actor_of(interaction))
        return await self.reports.of_guild(guild_id, span, table)
