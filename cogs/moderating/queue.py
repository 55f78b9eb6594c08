"""/queue: the queue as a moderator sees it."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.members.moderators import Moderators
from bot.services.queue import Queue
from cogs.moderating.queue_layout import QueueLayout, first_text, words_for_moderators
from cogs.views.hosting import operator_of
from cogs.views.job_option import job_choices, job_id_of_text
from cogs.views.permissions import actor_of


# Not `guild_only`: it leaves direct messages as they are set for the whole bot.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class QueueCommands(commands.GroupCog, group_name="queue", group_description="The queue"):
    """Answers /queue to the server's moderators."""

    def __init__(self, queue: Queue, moderators: Moderators) -> None:
        super().__init__()
        self.queue = queue
        self.moderators = moderators

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let in whoever moderates the server at this moment; raises NeedsModerator."""
        await self.moderators.check(actor_of(interaction))
        return True

    @app_commands.command()
    async def show(self, interaction: discord.Interaction) -> None:
        """Show what runs, what waits, and which jobs got lost."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id = interaction.guild_id or 0
        pools, overview = await self.queue.look(guild_id)
        live = await self.queue.live(guild_id)
        view = QueueLayout(pools, overview, live, operator_of(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(job="Which one; the list shows those that wait in this server")
    async def first(self, interaction: discord.Interaction, job: str) -> None:
        """Let a waiting picture start before the others of this server."""
        guild_id = interaction.guild_id or 0
        put = await self.queue.put_first(job_id_of_text(job), guild_id, interaction.user.id)
        asker = put.order.destination.user_id
        await interaction.response.send_message(first_text(put.id, asker), ephemeral=True)

    @first.autocomplete("job")
    async def _suggest(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        # No check runs before suggestions are asked for.
        actor = actor_of(interaction)
        if not await self.moderators.include(actor, actor.guild_id):
            return []
        waiting = self.queue.waiting(interaction.guild_id or 0)
        return await job_choices(interaction, waiting, typed, words_for_moderators)
