"""/quota: what one may still take, and for moderators the rules and grants behind it."""

from typing import Literal

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.domain.quotas.allowances import UNLIMITED
from bot.domain.quotas.errors import OnlyInServers
from bot.domain.quotas.quota import Asker, Grant, Period, Rule, Scope, subject_of
from bot.services.quotas import Quotas
from cogs.views.hosting import operator_of
from cogs.views.permissions import check_may_manage, role_ids_of
from cogs.views.quota_texts import account_text, cleared_text, granted_text, listing_text, set_text

_MOST = 1_000_000  # pictures; the ledger counts in 32 bits

PeriodName = Literal["hour", "day", "week", "month"]
Images = app_commands.Range[int, UNLIMITED, _MOST]
Person = discord.Member | discord.User


def _guild_id(interaction: discord.Interaction) -> int:
    """Return the server's id; raises OnlyInServers in direct messages."""
    if interaction.guild_id is None:
        raise OnlyInServers
    return interaction.guild_id


def _by_moderators(interaction: discord.Interaction) -> bool:
    """Let in a server's moderators; raises OnlyInServers, or NeedsManageServer for members."""
    _guild_id(interaction)
    check_may_manage(interaction)
    return True


class QuotaCommands(commands.GroupCog, group_name="quota", group_description="Quotas"):
    """Turns /quota into rules, grants and answers that only the asker sees.

    In direct messages `show` alone does something: the operator's limits hold there, too.
    """

    def __init__(self, quotas: Quotas) -> None:
        super().__init__()
        self.quotas = quotas

    @app_commands.command()
    @app_commands.describe(user="Somebody else; needs Manage Server")
    async def show(self, interaction: discord.Interaction, user: Person | None = None) -> None:
        """Show which quotas apply, what is left of them and when they reset."""
        about = user or interaction.user
        if about.id != interaction.user.id:
            check_may_manage(interaction)
        asker = Asker(interaction.guild_id, about.id, role_ids_of(about))
        account = await self.quotas.account(asker)
        operator, shows_money = operator_of(interaction), interaction.permissions.manage_guild
        text = account_text(account, about.id, operator, shows_money=shows_money)
        await _answer(interaction, text)

    @app_commands.command(name="set")
    @app_commands.check(_by_moderators)
    @app_commands.describe(
        images="How many pictures; 0 = none, -1 = unlimited",
        period="How long they are for",
        user="For this member alone",
        role="For each member with this role; neither = for each member",
    )
    async def set_rule(
        self,
        interaction: discord.Interaction,
        images: Images,
        period: PeriodName,
        user: Person | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Set how many pictures a member, a role's members or everyone may make."""
        guild_id = _guild_id(interaction)
        rule = Rule(*_subject(guild_id, user, role), Period(period), images)
        above = await self.quotas.set_rule(guild_id, rule, by=interaction.user.id)
        await _answer(interaction, set_text(rule, above, operator_of(interaction)))

    @app_commands.command()
    @app_commands.check(_by_moderators)
    @app_commands.describe(
        period="Only the quota of this period; empty = all of them",
        user="This member’s own",
        role="This role’s; neither = each member’s",
    )
    async def clear(
        self,
        interaction: discord.Interaction,
        period: PeriodName | None = None,
        user: Person | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Clear quotas of a member, a role or everyone."""
        guild_id = _guild_id(interaction)
        subject = _subject(guild_id, user, role)
        which = Period(period) if period else None
        cleared = await self.quotas.clear(guild_id, subject, which, by=interaction.user.id)
        await _answer(interaction, cleared_text(cleared, *subject))

    @app_commands.command(name="list")
    async def list_rules(self, interaction: discord.Interaction) -> None:
        """List this server’s quotas; all of them, and extra pictures, for Manage Server."""
        sees_all = interaction.permissions.manage_guild
        user = interaction.user
        asker = Asker(_guild_id(interaction), user.id, role_ids_of(user))
        listing = await self.quotas.listing(asker, sees_all=sees_all)
        text = listing_text(listing, operator_of(interaction), sees_all=sees_all)
        await _answer(interaction, text)

    @app_commands.command()
    @app_commands.check(_by_moderators)
    @app_commands.describe(
        user="Who gets them",
        images="How many pictures beyond the quota; a negative number takes them back",
        reason="Why; it is kept with the grant",
    )
    async def grant(
        self,
        interaction: discord.Interaction,
        user: Person,
        images: app_commands.Range[int, -_MOST, _MOST],
        reason: app_commands.Range[str, 1, 500],
    ) -> None:
        """Give a member extra pictures, used once the quota is."""
        member = Asker(_guild_id(interaction), user.id, role_ids_of(user))
        grant = Grant(user.id, images, reason, granted_by=interaction.user.id)
        granted = await self.quotas.grant(member, grant)
        await _answer(interaction, granted_text(grant, granted, operator_of(interaction)))


def _subject(guild_id: int, user: Person | None, role: discord.Role | None) -> tuple[Scope, int]:
    return subject_of(guild_id, user.id if user else None, role.id if role else None)


async def _answer(interaction: discord.Interaction, text: str) -> None:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    await interaction.response.send_message(view=view, ephemeral=True)
