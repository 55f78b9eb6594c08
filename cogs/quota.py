"""/quota: what one may still take, and for moderators the rules and grants behind it."""

from typing import Literal

import discord
from discord import app_commands, ui
from discord.ext import commands
from discord.utils import escape_markdown

from bot.domain.allowances import UNLIMITED, BoundKind, Use, pictures_text
from bot.domain.quotas import Asker, Grant, Period, Policy, Rule, Scope, subject_of
from bot.services.quotas import Account, Quotas
from cogs.permissions import check_may_manage
from cogs.submission import role_ids_of

_MOST = 1_000_000  # pictures; the ledger counts in 32 bits
_RULES_SHOWN = 60  # lines of about 60 characters; a message holds 4,000 (Discord docs, 2026-08)
_NAMES = {
    BoundKind.MEMBER: "Own quota",
    BoundKind.ROLE: "Quota of <@&{subject}>",
    BoundKind.EVERYONE: "Everyone’s quota",
    BoundKind.USER_CEILING: "Operator’s limit for one member, in all servers",
    BoundKind.GUILD_CEILING: "Operator’s limit for this server",
    BoundKind.BUDGET_IMAGES: "This server’s budget",
    BoundKind.BUDGET_USD: "This server’s budget",
    BoundKind.ACCOUNT_USD: "Operator’s budget, for all servers",
}

PeriodName = Literal["hour", "day", "week", "month"]
Images = app_commands.Range[int, UNLIMITED, _MOST]
Person = discord.Member | discord.User


@app_commands.guild_only()
class QuotaCommands(commands.GroupCog, group_name="quota", group_description="Quotas"):
    """Turns /quota into rules, grants and answers that only the asker sees."""

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
        guild_id = _guild_id(interaction)
        account = await self.quotas.account(Asker(guild_id, about.id, role_ids_of(about)))
        shows_money = interaction.permissions.manage_guild
        await _answer(interaction, _account_text(account, about.id, shows_money=shows_money))

    @app_commands.command(name="set")
    @app_commands.describe(
        images="How many pictures; 0 = none, -1 = unlimited",
        period="How long they are for",
        user="For this member alone",
        role="For each member with this role; neither = for everyone",
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
        check_may_manage(interaction)
        guild_id = _guild_id(interaction)
        rule = Rule(*_subject(guild_id, user, role), Period(period), images)
        await self.quotas.set_rule(guild_id, rule, by=interaction.user.id)
        await _answer(interaction, f"Set. {_rule_text(rule)}")

    @app_commands.command()
    @app_commands.describe(
        period="Only the quota of this period; empty = all of them",
        user="This member’s own",
        role="This role’s; neither = everyone’s",
    )
    async def clear(
        self,
        interaction: discord.Interaction,
        period: PeriodName | None = None,
        user: Person | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Clear quotas of a member, a role or everyone."""
        check_may_manage(interaction)
        guild_id = _guild_id(interaction)
        subject = _subject(guild_id, user, role)
        which = Period(period) if period else None
        cleared = await self.quotas.clear(guild_id, subject, which, by=interaction.user.id)
        count = "1 quota" if cleared == 1 else f"{cleared} quotas"
        await _answer(interaction, f"Cleared {count} of {_subject_text(*subject)}.")

    @app_commands.command(name="list")
    async def list_rules(self, interaction: discord.Interaction) -> None:
        """List this server’s quotas."""
        policy = await self.quotas.policy(_guild_id(interaction))
        await _answer(interaction, _policy_text(policy))

    @app_commands.command()
    @app_commands.describe(
        user="Who gets them",
        images="How many pictures beyond the quota",
        reason="Why; it is kept with the grant",
    )
    async def grant(
        self,
        interaction: discord.Interaction,
        user: Person,
        images: app_commands.Range[int, 1, _MOST],
        reason: app_commands.Range[str, 1, 500],
    ) -> None:
        """Give a member extra pictures, used once the quota is."""
        check_may_manage(interaction)
        grant = Grant(user.id, images, reason, granted_by=interaction.user.id)
        left = await self.quotas.grant(_guild_id(interaction), grant)
        said = escape_markdown(reason)
        await _answer(interaction, f"<@{user.id}> may make {pictures_text(left)} extra now: {said}")


def _guild_id(interaction: discord.Interaction) -> int:
    """Return the server's id; these commands are offered in servers only."""
    return interaction.guild_id or 0


def _subject(guild_id: int, user: Person | None, role: discord.Role | None) -> tuple[Scope, int]:
    return subject_of(guild_id, user.id if user else None, role.id if role else None)


async def _answer(interaction: discord.Interaction, text: str) -> None:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    await interaction.response.send_message(view=view, ephemeral=True)


def _account_text(account: Account, user_id: int, *, shows_money: bool) -> str:
    uses = [use for use in account.uses if shows_money or not use.bound.kind.is_money]
    lines = [f"**Quotas of <@{user_id}>**", *map(_use_text, uses)]
    if not uses:
        lines.append("No quota applies.")
    if account.granted:
        lines.append(f"Extra pictures, used once a quota is: {account.granted} left")
    if account.paused_until:
        until = f"<t:{account.paused_until:.0f}:R>"
        lines.append(f"Paused after refusals by review; requests are taken again {until}")
    return "\n".join(lines)


def _use_text(use: Use) -> str:
    bound, left = use.bound, max(use.bound.limit - use.used, 0)
    name = _NAMES[bound.kind].format(subject=bound.subject_id)
    if bound.kind.is_money:
        numbers = f"{left:.2f} of {bound.limit:.2f} USD left"
    else:
        numbers = f"{left:.0f} of {pictures_text(bound.limit)} left"
    return f"{name}: {numbers} per {bound.period}, resets <t:{bound.resets_at:.0f}:R>"


def _policy_text(policy: Policy) -> str:
    if not policy.rules:
        return "No quotas are set here; the operator’s limits apply. `/quota show` names them."
    lines = [_rule_text(rule) for rule in policy.rules[:_RULES_SHOWN]]
    more = len(policy.rules) - len(lines)
    rest = [f"-# and {more} more"] if more else []
    zone = f"-# Periods begin in the time zone {policy.timezone}."
    return "\n".join(["**Quotas of this server**", *lines, *rest, zone])


def _rule_text(rule: Rule) -> str:
    amount = {UNLIMITED: "unlimited pictures", 0: "no pictures"}.get(
        rule.images, pictures_text(rule.images)
    )
    return f"{_subject_text(rule.scope, rule.subject_id)}: {amount} per {rule.period}"


def _subject_text(scope: Scope, subject_id: int) -> str:
    if scope is Scope.EVERYONE:
        return "everyone"
    return f"<@{subject_id}>" if scope is Scope.MEMBER else f"<@&{subject_id}>"
