"""/settings: what moderators choose for the whole server."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.allowances import UNLIMITED, pictures_text
from bot.domain.quotas import Policy
from bot.services.settings import GuildSettings
from cogs.permissions import check_may_manage

_PRICELESS = "-# Engines whose price the operator has not set count as 0 USD."
_CHOICES = 25  # autocomplete results (Discord docs, 2026-08)


@app_commands.guild_only()
class SettingsCommands(
    commands.GroupCog, group_name="settings", group_description="Settings of this server"
):
    """Turns /settings into the server's settings; whoever asks needs Manage Server."""

    def __init__(self, settings: GuildSettings) -> None:
        super().__init__()
        self.settings = settings

    @app_commands.command()
    async def show(self, interaction: discord.Interaction) -> None:
        """Show this server’s settings."""
        check_may_manage(interaction)
        policy = await self.settings.policy(interaction.guild_id or 0)
        await _answer(interaction, f"Time zone: {policy.timezone}\nBudget: {_budget_text(policy)}")

    @app_commands.command()
    @app_commands.describe(timezone="Where days, weeks and months begin, such as Europe/Berlin")
    async def timezone(self, interaction: discord.Interaction, timezone: str) -> None:
        """Set the time zone in which quotas and budgets reset."""
        check_may_manage(interaction)
        zone = await self.settings.set_timezone(interaction.guild_id or 0, timezone)
        await _answer(interaction, f"Quotas and budgets reset in the time zone {zone} now.")

    @timezone.autocomplete("timezone")
    async def _suggest(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        zones = self.settings.zones(typed)[:_CHOICES]
        return [app_commands.Choice(name=zone, value=zone) for zone in zones]

    @app_commands.command()
    @app_commands.describe(
        images="Pictures per month for the whole server; -1 = no such budget",
        usd="US dollars per month for the whole server; -1 = no such budget",
    )
    async def budget(
        self,
        interaction: discord.Interaction,
        images: app_commands.Range[int, UNLIMITED, 1_000_000] | None = None,
        usd: app_commands.Range[float, UNLIMITED, 1_000_000] | None = None,
    ) -> None:
        """Set what this server may use in a month; a warning comes at 80 %."""
        check_may_manage(interaction)
        policy = await self.settings.set_budget(interaction.guild_id or 0, images, usd)
        note = f"\n{_PRICELESS}" if policy.budget_usd is not None else ""
        await _answer(interaction, f"Budget: {_budget_text(policy)}{note}")


def _budget_text(policy: Policy) -> str:
    parts = []
    if policy.budget_images is not None:
        parts.append(pictures_text(policy.budget_images))
    if policy.budget_usd is not None:
        parts.append(f"{policy.budget_usd:.2f} USD")
    return " and ".join(parts) + " per month" if parts else "none"


async def _answer(interaction: discord.Interaction, text: str) -> None:
    await interaction.response.send_message(text, ephemeral=True)
