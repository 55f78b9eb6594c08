"""/queue: the queue as a moderator sees it, and what moderators do to it."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.jobs.job import Job, JobId
from bot.services.members.moderators import Moderators
from bot.services.moderation.guild_pauses import GuildPauses
from bot.services.moderation.holds import Holds
from bot.services.queue import Queue
from cogs.moderating.queueing.layout import QueueLayout
from cogs.moderating.queueing.texts import (
    first_text,
    held_text,
    pause_text,
    released_text,
    resumed_text,
    words_for_moderators,
)
from cogs.views.hosting import operator_of
from cogs.views.job_buttons import cog_of
from cogs.views.job_option import job_choices, job_id_of_text
from cogs.views.permissions import actor_of

Choices = list[app_commands.Choice[str]]
Reason = app_commands.Range[str, 1, 300]


class _CancelCog(Protocol):
    async def cancel_or_ask(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


# Not `guild_only`: it leaves direct messages as they are set for the whole bot.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class QueueCommands(commands.GroupCog, group_name="queue", group_description="The queue"):
    """Answers /queue to the server's moderators."""

    def __init__(
        self, queue: Queue, holds: Holds, pauses: GuildPauses, moderators: Moderators
    ) -> None:
        super().__init__()
        self.queue = queue
        self.holds = holds
        self.pauses = pauses
        self.moderators = moderators

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let in whoever moderates the server at this moment; raises NeedsModerator."""
        await self.moderators.check(actor_of(interaction))
        return True

    @app_commands.command()
    async def show(self, interaction: discord.Interaction) -> None:
        """Show what runs, what waits, and which jobs got lost."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        view = await self._layout(interaction, page=0)
        await interaction.response.send_message(view=view, ephemeral=True)

    async def turn(self, interaction: discord.Interaction[Any], page: int) -> None:
        """Show a page of what waits in place of another."""
        await self.interaction_check(interaction)
        await interaction.response.defer()
        await interaction.response.edit_message(view=await self._layout(interaction, page))

    async def _layout(self, interaction: discord.Interaction[Any], page: int) -> QueueLayout:
        guild_id = interaction.guild_id or 0
        pools, overview = await self.queue.look(guild_id)
        live = await self.queue.live(guild_id)
        return QueueLayout(pools, overview, live, operator_of(interaction), page=page)

    @app_commands.command()
    @app_commands.describe(job="Which one; the list shows those that wait in this server")
    async def first(self, interaction: discord.Interaction, job: str) -> None:
        """Let a waiting picture start before the others of this server."""
        guild_id = interaction.guild_id or 0
        put = await self.queue.put_first(job_id_of_text(job), guild_id, interaction.user.id)
        asker = put.order.destination.user_id
        await interaction.response.send_message(first_text(put.id, asker), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(job="Which one; the list shows those that wait or are being made here")
    async def cancel(self, interaction: discord.Interaction, job: str) -> None:
        """Cancel anybody’s picture that waits or is being made in this server."""
        found = await self.queue.of_server(job_id_of_text(job), interaction.guild_id or 0)
        await cast("_CancelCog", cog_of(interaction, "Cancel")).cancel_or_ask(interaction, found.id)

    @app_commands.command()
    @app_commands.describe(job="Which one; the list shows those that wait in this server")
    async def hold(self, interaction: discord.Interaction, job: str) -> None:
        """Hold a waiting picture back until a moderator releases it."""
        guild_id, by = interaction.guild_id or 0, interaction.user.id
        held = await self.holds.hold(job_id_of_text(job), guild_id, by)
        await self._say(interaction, held_text(held), held)

    @app_commands.command()
    @app_commands.describe(job="Which one; the list shows those that are held in this server")
    async def release(self, interaction: discord.Interaction, job: str) -> None:
        """Let a picture go that is held back: it waits on, in its place."""
        guild_id, by = interaction.guild_id or 0, interaction.user.id
        released = await self.holds.release(job_id_of_text(job), guild_id, by)
        await self._say(interaction, released_text(released), released)

    async def first_shown(
        self, interaction: discord.Interaction[Any], job_id: JobId, page: int
    ) -> None:
        """Put a job first that stands on a page."""
        await self.interaction_check(interaction)
        await self.queue.put_first(job_id, interaction.guild_id or 0, interaction.user.id)
        await self.turn(interaction, page)

    async def hold_shown(
        self, interaction: discord.Interaction[Any], job_id: JobId, page: int
    ) -> None:
        """Hold a job back that stands on a page."""
        await self.interaction_check(interaction)
        held = await self.holds.hold(job_id, interaction.guild_id or 0, interaction.user.id)
        await self._turn_and_tell(interaction, page, held)

    async def release_shown(
        self, interaction: discord.Interaction[Any], job_id: JobId, page: int
    ) -> None:
        """Let a job go that stands on a page."""
        await self.interaction_check(interaction)
        released = await self.holds.release(job_id, interaction.guild_id or 0, interaction.user.id)
        await self._turn_and_tell(interaction, page, released)

    async def _turn_and_tell(
        self, interaction: discord.Interaction[Any], page: int, job: Job
    ) -> None:
        try:
            await self.turn(interaction, page)
        finally:
            await self.holds.show(job.id)

    async def _say(self, interaction: discord.Interaction, text: str, job: Job) -> None:
        """Answer the moderator, then show the member, for whom Discord sets no time."""
        try:
            await interaction.response.send_message(text, ephemeral=True)
        finally:
            await self.holds.show(job.id)

    @app_commands.command()
    @app_commands.describe(reason="Why; members who wait read it")
    async def pause(self, interaction: discord.Interaction, reason: Reason | None = None) -> None:
        """Let no picture of this server start; what is asked for meanwhile waits."""
        await self._stop(interaction, reason, is_drain=False)

    @app_commands.command()
    @app_commands.describe(reason="Why; members who wait or ask for something read it")
    async def drain(self, interaction: discord.Interaction, reason: Reason | None = None) -> None:
        """Take nothing new in this server and start nothing; what is being made is finished."""
        await self._stop(interaction, reason, is_drain=True)

    async def _stop(
        self, interaction: discord.Interaction, reason: str | None, *, is_drain: bool
    ) -> None:
        guild_id, by = interaction.guild_id or 0, interaction.user.id
        pause = await self.pauses.stop(guild_id, by, reason, is_drain=is_drain)
        try:
            await interaction.response.send_message(pause_text(pause), ephemeral=True)
        finally:
            await self.pauses.tell(guild_id)

    @app_commands.command()
    async def resume(self, interaction: discord.Interaction) -> None:
        """Let pictures of this server start again, and new ones be asked for."""
        guild_id = interaction.guild_id or 0
        await self.pauses.resume(guild_id, interaction.user.id)
        try:
            await interaction.response.send_message(resumed_text(), ephemeral=True)
        finally:
            await self.pauses.tell(guild_id)

    @cancel.autocomplete("job")
    async def _suggest_live(self, interaction: discord.Interaction, typed: str) -> Choices:
        return await self._suggest(interaction, typed, self.queue.live)

    @first.autocomplete("job")
    async def _suggest_waiting(self, interaction: discord.Interaction, typed: str) -> Choices:
        return await self._suggest(interaction, typed, self.queue.waiting)

    @hold.autocomplete("job")
    async def _suggest_free(self, interaction: discord.Interaction, typed: str) -> Choices:
        return await self._suggest(interaction, typed, self.queue.free)

    @release.autocomplete("job")
    async def _suggest_held(self, interaction: discord.Interaction, typed: str) -> Choices:
        return await self._suggest(interaction, typed, self.queue.held)

    async def _suggest(
        self,
        interaction: discord.Interaction,
        typed: str,
        of_server: Callable[[int], Awaitable[Iterable[Job]]],
    ) -> Choices:
        # No check runs before suggestions are asked for.
        actor = actor_of(interaction)
        if not await self.moderators.include(actor, actor.guild_id):
            return []
        found = of_server(interaction.guild_id or 0)
        return await job_choices(interaction, found, typed, words_for_moderators)
