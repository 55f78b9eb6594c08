"""/queue: the queue as a moderator sees it."""

from collections.abc import Sequence

import discord
from discord import app_commands, ui
from discord.ext import commands
from discord.utils import escape_markdown

from bot.domain.jobs import Job, JobState
from bot.domain.operations import LostJob, Overview
from bot.services.queue import PoolState, Queue
from cogs.job_option import job_choices, job_id_of_text, words_of
from cogs.permissions import check_may_manage

# All texts of a message together hold 4,000 characters (Discord docs, 2026-08).
_LOST_SHOWN = 6  # of each kind
_LIVE_SHOWN = 8  # at work, and waiting
_REASON_SHOWN = 300  # characters


# Not `guild_only`: it leaves direct messages as they are set for the whole bot.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class QueueCommands(commands.GroupCog, group_name="queue", group_description="The queue"):
    """Answers /queue; whoever asks needs Manage Server at that moment."""

    def __init__(self, queue: Queue) -> None:
        super().__init__()
        self.queue = queue

    @app_commands.command()
    async def show(self, interaction: discord.Interaction) -> None:
        """Show what runs, what waits, and which jobs got lost."""
        check_may_manage(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id = interaction.guild_id or 0
        pools, overview = await self.queue.look(guild_id)
        live = await self.queue.live(guild_id)
        view = QueueLayout(pools, overview, live)
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command()
    @app_commands.describe(job="Which one; the list shows those that wait in this server")
    async def first(self, interaction: discord.Interaction, job: str) -> None:
        """Let a waiting picture start before the others of this server."""
        check_may_manage(interaction)
        guild_id = interaction.guild_id or 0
        put = await self.queue.put_first(job_id_of_text(job), guild_id, interaction.user.id)
        owner = f"<@{put.order.destination.user_id}>"
        text = f"`{put.id}` of {owner} is first in this server’s line now."
        await interaction.response.send_message(text, ephemeral=True)

    @first.autocomplete("job")
    async def _suggest(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        # Nobody asks for the permission before suggestions are shown.
        if not interaction.permissions.manage_guild:
            return []
        return job_choices(await self.queue.waiting(interaction.guild_id or 0), typed, _words)


def _words(job: Job) -> str:
    """Return what moderators may read of a waiting job; a private one keeps its prompt."""
    return f"/{job.order.command}, private" if job.order.destination.private else words_of(job)


class QueueLayout(ui.LayoutView):
    """Pools of the whole account; what waits and got lost in this server."""

    def __init__(self, pools: list[PoolState], overview: Overview, live: Sequence[Job]) -> None:
        super().__init__(timeout=None)
        jobs = [_at_work(live), _waiting(overview, live)]
        parts = [_paused(overview), _pools(pools), *jobs, *_lost(overview)]
        self.add_item(ui.Container(*(ui.TextDisplay(part) for part in parts if part)))


def _paused(overview: Overview) -> str:
    pause = overview.pause
    if pause is None:
        return ""
    reason = f": {escape_markdown(pause.reason[:_REASON_SHOWN])}" if pause.reason else ""
    return f"**Paused** <t:{pause.since:.0f}:R>{reason}"


def _pools(pools: list[PoolState]) -> str:
    in_use = [_pool(pool) for pool in pools if pool.busy] or ["nothing is being made"]
    return "\n".join(["**The account’s slots, over all servers**", *in_use])


def _pool(pool: PoolState) -> str:
    lost = f", {pool.lost} of them still held by calls of a crash" if pool.lost else ""
    return f"{pool.name}: {pool.busy} of {pool.limit} busy{lost}"


def _at_work(live: Sequence[Job]) -> str:
    running = [_live_job(job) for job in live if job.state is JobState.RUNNING]
    if not running:
        return ""
    return "\n".join(["**Being made for this server**", *running[:_LIVE_SHOWN]])


def _waiting(overview: Overview, live: Sequence[Job]) -> str:
    if overview.oldest_at is None:
        return "**Waiting in this server**: none"
    since = f"the oldest since <t:{overview.oldest_at:.0f}:R>"
    waiting = [_live_job(job) for job in live if job.state is JobState.QUEUED][:_LIVE_SHOWN]
    more = overview.waiting - len(waiting)
    rest = [f"-# and {more} more"] if more > 0 else []
    title = f"**Waiting in this server**: {overview.waiting}, {since}"
    return "\n".join([title, *waiting, *rest])


def _live_job(job: Job) -> str:
    to, since = job.order.destination, job.started_at or job.created_at
    first = ", put first" if job.order.priority > 0 and job.state is JobState.QUEUED else ""
    private = ", private" if to.private else ""
    return f"`{job.id}` <@{to.user_id}> {job.order.engine} <t:{since:.0f}:R>{first}{private}"


def _lost(overview: Overview) -> list[str]:
    return [
        _listed("Unknown outcome, last 7 days", overview.unknown),
        _listed("Failed, last 7 days", overview.failed),
        _listed("Refused by the service's review, last 7 days", overview.refused),
        _unreadable(overview.unreadable),
    ]


def _unreadable(jobs: Sequence[LostJob]) -> str:
    if not jobs:
        return ""
    shown = ", ".join(f"`{job.job_id}`" for job in jobs[:_LOST_SHOWN])
    more = f" and {len(jobs) - _LOST_SHOWN} more" if len(jobs) > _LOST_SHOWN else ""
    title = "**Made and kept, but not readable as they are**"
    return f"{title}\n{shown}{more}\n-# /result posts them once Easel can read and label them."


def _listed(title: str, jobs: Sequence[LostJob]) -> str:
    if not jobs:
        return ""
    lines = [_lost_job(job) for job in jobs[:_LOST_SHOWN]]
    more = len(jobs) - len(lines)
    rest = [f"-# and {more} more; the operator’s ledger lists them"] if more else []
    return "\n".join([f"**{title}**", *lines, *rest])


def _lost_job(job: LostJob) -> str:
    request = f"request `{job.request_id}`" if job.request_id else "no request id"
    code = f" `{job.error_code}`" if job.error_code else ""
    when = f"<t:{job.finished_at:.0f}:R>"
    return f"`{job.job_id}` <@{job.user_id}> {job.engine}{code} {when}, {request}"
