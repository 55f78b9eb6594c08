"""/block: who may not ask for pictures in this server."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.members.actor import Actor
from bot.domain.moderation.blocks import REASON_CHARS
from bot.domain.moderation.errors import UserOrRoleToBlock
from bot.services.members.moderators import Moderators
from bot.services.moderation.blocks import Blocks, RoleToBlock, Subject
from cogs.moderating.blocks.block_form import BlockForm, Person
from cogs.moderating.blocks.block_layout import BlocksLayout, lifted_text, set_text
from cogs.views.permissions import actor_of, role_ids_of


# Not `guild_only`: it leaves direct messages as they are set for the whole bot.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class BlockCommands(
    commands.GroupCog, group_name="block", group_description="Who may not ask for pictures here"
):
    """Turns /block into blocks; whoever asks moderates the server at that moment."""

    def __init__(self, blocks: Blocks, moderators: Moderators) -> None:
        super().__init__()
        self.blocks = blocks
        self.moderators = moderators

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let in whoever moderates the server at this moment; raises NeedsModerator."""
        await self.moderators.check(actor_of(interaction))
        return True

    @app_commands.command()
    @app_commands.describe(
        reason="Why; whoever is blocked reads it",
        user="This member; what they have waiting ends, with a refund",
        role="Whoever has this role, but those who moderate",
        until="3d, 12h, 2026-12-24 or 2026-12-24 18:00, in the server’s time zone; empty = no end",
    )
    async def add(
        self,
        interaction: discord.Interaction,
        reason: app_commands.Range[str, 1, REASON_CHARS],
        user: Person | None = None,
        role: discord.Role | None = None,
        until: app_commands.Range[str, 1, 40] | None = None,
    ) -> None:
        """Block a member or a role from asking for pictures here."""
        actor, subject = actor_of(interaction), _subject(interaction, user, role)
        blocked = await self.blocks.add(actor, subject, reason, until)
        await _answer(interaction, set_text(blocked))

    @app_commands.command()
    @app_commands.describe(user="This member", role="Whoever has this role")
    async def remove(
        self,
        interaction: discord.Interaction,
        user: Person | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Let a member or a role ask for pictures here again."""
        subject = _subject(interaction, user, role)
        await _answer(
            interaction, lifted_text(await self.blocks.remove(actor_of(interaction), subject))
        )

    @app_commands.command(name="list")
    async def list_blocks(self, interaction: discord.Interaction) -> None:
        """Show who may not ask for pictures here, why, and until when."""
        page = await self.blocks.page(interaction.guild_id or 0, 0)
        await interaction.response.send_message(view=BlocksLayout(page, 0), ephemeral=True)

    async def turn(self, interaction: discord.Interaction[Any], number: int) -> None:
        """Show another page of the list in place of this one."""
        await self.moderators.check(actor_of(interaction))
        page = await self.blocks.page(interaction.guild_id or 0, number)
        await interaction.response.edit_message(view=BlocksLayout(page, number))

    async def ask(self, interaction: discord.Interaction[Any], user_id: int | None) -> None:
        """Open the form, filled in with a member, for whoever moderates."""
        await self.moderators.check(actor_of(interaction))
        await interaction.response.send_modal(BlockForm(user_id, self._add))

    async def _add(
        self, interaction: discord.Interaction[Any], user: Person, reason: str, until: str | None
    ) -> None:
        """Block whom the form names, if whoever sends it moderates at that moment."""
        actor, subject = actor_of(interaction), _subject(interaction, user, None)
        await self.moderators.check(actor)
        await _answer(interaction, set_text(await self.blocks.add(actor, subject, reason, until)))


def _subject(
    interaction: discord.Interaction, user: Person | None, role: discord.Role | None
) -> Subject:
    """Return whom a block is for, as the interaction says it; raises UserOrRoleToBlock."""
    if user is not None and role is None:
        # Somebody who left the server has no roles in it, and no permissions.
        may = user.resolved_permissions if isinstance(user, discord.Member) else None
        may_manage = may is not None and (may.administrator or may.manage_guild)
        return Actor(user.id, interaction.guild_id, may_manage, role_ids_of(user))
    if role is not None and user is None:
        may = role.permissions
        return RoleToBlock(role.id, may_manage=may.administrator or may.manage_guild)
    raise UserOrRoleToBlock


async def _answer(interaction: discord.Interaction, text: str) -> None:
    await interaction.response.send_message(text, ephemeral=True)
