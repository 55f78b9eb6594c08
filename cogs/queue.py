"""/queue: the queue as a moderator sees it."""

import discord
from discord import app_commands, ui
from discord.ext import commands
from discord.utils import escape_markdown

from bot.domain.errors import NeedsManageServer
from bot.domain.operations import Overview, UnknownJob
from bot.services.queue import PoolState, Queue

_UNKNOWN_SHOWN = 10  # a text display holds 4,000 characters (Discord docs, 2026-08)


class QueueCommands(commands.GroupCog, group_name="queue", group_description="The queue"):
    """Answers /queue; whoever asks needs Manage Server at that moment."""

    def __init__(self, queue: Queue) -> None:
        super().__init__()
        self.queue = queue

    @app_commands.command()
    @app_commands.guild_only()
    async def show(self, interaction: discord.Interaction) -> None:
        """Show what runs, what waits, and which jobs got lost."""
        if not interaction.permissions.manage_guild:
            raise NeedsManageServer
        await interaction.response.defer(ephemeral=True, thinking=True)
        pools, overview = await self.queue.look(interaction.guild_id)
        await interaction.edit_original_response(view=QueueLayout(pools, overview))


class QueueLayout(ui.LayoutView):
    """Pools of the whole account; what waits and got lost in this server."""

    def __init__(self, pools: list[PoolState], overview: Overview) -> None:
        super().__init__(timeout=None)
        parts = [_paused(overview), _pools(pools), _waiting(overview), _unknown(overview)]
        self.add_item(ui.Container(*(ui.TextDisplay(part) for part in parts if part)))


def _paused(overview: Overview) -> str:
    pause = overview.pause
    if pause is None:
        return ""
    reason = f": {escape_markdown(pause.reason)}" if pause.reason else ""
    return f"**Paused** <t:{pause.since:.0f}:R>{reason}"


def _pools(pools: list[PoolState]) -> str:
    return "\n".join(["**Pools of the account**", *map(_pool, pools)])


def _pool(pool: PoolState) -> str:
    lost = f", {pool.lost} of them still held by calls of a crash" if pool.lost else ""
    return f"{pool.name}: {pool.busy} of {pool.limit} busy{lost}"


def _waiting(overview: Overview) -> str:
    if overview.oldest_at is None:
        return "**Waiting in this server**: none"
    since = f"the oldest since <t:{overview.oldest_at:.0f}:R>"
    return f"**Waiting in this server**: {overview.waiting}, {since}"


def _unknown(overview: Overview) -> str:
    if not overview.unknown:
        return ""
    lines = [_unknown_job(job) for job in overview.unknown[:_UNKNOWN_SHOWN]]
    more = len(overview.unknown) - len(lines)
    rest = [f"-# and {more} more; `easel usage` lists them"] if more else []
    return "\n".join(["**Unknown outcome, last 7 days**", *lines, *rest])


def _unknown_job(job: UnknownJob) -> str:
    request = f"request `{job.request_id}`" if job.request_id else "no request id"
    return f"`{job.job_id}` <@{job.user_id}> {job.engine} <t:{job.finished_at:.0f}:R>, {request}"
