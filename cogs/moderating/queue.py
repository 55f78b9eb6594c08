"""/queue: the queue as a moderator sees it."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.domain.discord_limits import LAYOUT_CHARS
from bot.domain.jobs.job import Job, JobState
from bot.domain.jobs.operations import LostJob, Overview
from bot.domain.wording.mentions import from_now, member
from bot.domain.wording.quoting import coded, quoted, shortened
from bot.domain.wording.sentences import NOBODY_NAMED, Operator
from bot.services.queue import PoolState, Queue
from cogs.views.fitting import fitting
from cogs.views.hosting import operator_of
from cogs.views.job_option import job_choices, job_id_of_text
from cogs.views.job_texts import link_to, words_of
from cogs.views.permissions import check_may_manage

_LOST_SHOWN = 6  # of each kind
_LIVE_SHOWN = 8  # at work, and waiting
# Characters: the first are left for what is at work and waits, whatever got lost.
_LIVE_LEAST = 900
_REASON_SHOWN = 300
_WORDS_SHOWN = 40
_CODE_SHOWN = 50


# Not `guild_only`: it leaves direct messages as they are set for the whole bot.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class QueueCommands(commands.GroupCog, group_name="queue", group_description="The queue"):
    """Answers /queue; whoever asks needs Manage Server at that moment."""

    def __init__(self, queue: Queue) -> None:
        super().__init__()
        self.queue = queue

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let in whoever may manage the server at this moment; raises NeedsManageServer."""
        check_may_manage(interaction)
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
        asker = member(put.order.destination.user_id)
        text = f"`{put.id}` of {asker} is first in this server’s line now."
        await interaction.response.send_message(text, ephemeral=True)

    @first.autocomplete("job")
    async def _suggest(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        # No check runs before suggestions are asked for.
        if not interaction.permissions.manage_guild:
            return []
        waiting = self.queue.waiting(interaction.guild_id or 0)
        return await job_choices(interaction, waiting, typed, _words)


def _words(job: Job) -> str:
    """Return what moderators may read of a job; a private one keeps its prompt."""
    return f"/{job.order.command}, private" if job.order.destination.private else words_of(job)


class QueueLayout(ui.LayoutView):
    """Pools of the whole account; what is made, waits and got lost in this server."""

    def __init__(
        self,
        pools: list[PoolState],
        overview: Overview,
        live: Sequence[Job],
        operator: Operator = NOBODY_NAMED,
    ) -> None:
        super().__init__(timeout=None)
        head = [_paused(overview), _pools(pools), _unreadable(overview.unreadable)]
        room = LAYOUT_CHARS - sum(map(len, head))
        lost = _lost(overview, operator, room - _LIVE_LEAST)
        room -= sum(map(len, lost))
        at_work = _at_work(live, room // 2)
        parts = [*head, at_work, _waiting(overview, live, room - len(at_work)), *lost]
        self.add_item(ui.Container(*(ui.TextDisplay(part) for part in parts if part)))


def _paused(overview: Overview) -> str:
    pause = overview.pause
    if pause is None:
        return ""
    reason = f": {quoted(pause.reason, _REASON_SHOWN)}" if pause.reason else ""
    return f"**Paused** {from_now(pause.since)}{reason}"


def _pools(pools: list[PoolState]) -> str:
    """Return how many pictures the account makes for all servers together, and how many it can."""
    made = [f"{pool.busy} of {pool.limit} ({quoted(pool.name)})" for pool in pools if pool.busy]
    lost = sum(pool.lost for pool in pools)
    note = f"; {lost} of them may go on at the service from before a crash" if lost else ""
    return f"**Pictures being made now: {', '.join(made) or 'none'}**\n-# over all servers{note}"


def _at_work(live: Sequence[Job], room: int) -> str:
    running = [_live_job(job) for job in live if job.state is JobState.RUNNING]
    if not running:
        return ""
    title = "**Being made for this server**"
    return "\n".join([title, *_first(running, room - len(title))])


def _waiting(overview: Overview, live: Sequence[Job], room: int) -> str:
    if overview.oldest_at is None:
        return "**Waiting in this server**: none"
    oldest = f"the oldest was asked for {from_now(overview.oldest_at)}"
    title = f"**Waiting in this server**: {overview.waiting}, {oldest}"
    waiting = [_live_job(job) for job in live if job.state is JobState.QUEUED]
    unread = overview.waiting - len(waiting)
    return "\n".join([title, *_first(waiting, room - len(title), max(unread, 0))])


def _first(lines: Sequence[str], room: int, unread: int = 0) -> list[str]:
    """Return the first few lines, as far as there is room, and how many more there are."""
    more = max(len(lines) - _LIVE_SHOWN, 0) + unread
    return fitting(lines[:_LIVE_SHOWN], room, more)


def _live_job(job: Job) -> str:
    to, since = job.order.destination, job.started_at or job.created_at
    first = ", put first" if job.order.priority > 0 and job.state is JobState.QUEUED else ""
    engine, words = quoted(job.order.engine), quoted(_words(job), _WORDS_SHOWN)
    asked = f"`{job.id}` {member(to.user_id)} {engine} {from_now(since)}{first}"
    return f"{asked} · {words}{link_to(job)}"


def _lost(overview: Overview, operator: Operator, room: int) -> list[str]:
    kinds = (
        ("**Unknown outcome, last 7 days**", overview.unknown),
        ("**Failed, last 7 days**", overview.failed),
        ("**Refused by the service’s review, last 7 days**", overview.refused),
    )
    found = [(title, jobs) for title, jobs in kinds if jobs]
    each = room // max(len(found), 1)
    return [_listed(title, jobs, operator, each) for title, jobs in found]


def _unreadable(jobs: Sequence[LostJob]) -> str:
    if not jobs:
        return ""
    shown = ", ".join(f"`{job.job_id}`" for job in jobs[:_LOST_SHOWN])
    more = f" and {len(jobs) - _LOST_SHOWN} more" if len(jobs) > _LOST_SHOWN else ""
    title = "**Made and kept, but not readable as they are**"
    return f"{title}\n{shown}{more}\n-# /result posts them once Easel can read and label them."


def _listed(title: str, jobs: Sequence[LostJob], operator: Operator, room: int) -> str:
    lines = [_lost_job(job) for job in jobs[:_LOST_SHOWN]]
    where = f"; {operator.called} has them all in the ledger"
    more = len(jobs) - len(lines)
    return "\n".join([title, *fitting(lines, room - len(title), more, where=where)])


def _lost_job(job: LostJob) -> str:
    request = f"request {_coded(job.request_id)}" if job.request_id else "no request id"
    code = f" {_coded(job.error_code)}" if job.error_code else ""
    when = from_now(job.finished_at)
    return f"`{job.job_id}` {member(job.user_id)} {quoted(job.engine)}{code} {when}, {request}"


def _coded(text: str) -> str:
    return coded(shortened(text, _CODE_SHOWN))
