"""/jobs: what of mine waits, is being made, or was made lately."""

from textwrap import shorten

import discord
from discord import app_commands, ui
from discord.ext import commands
from discord.utils import escape_markdown

from bot.domain.jobs import Job
from bot.services.own_jobs import OwnJobs
from cogs.job_option import words_of
from cogs.replies import title_of

_SHOWN = 15
_MOST = 4000  # characters; a message's text displays share them (Discord docs, 2026-08)
_REASON = 90  # characters of why a job ended; its message says all


class MyJobs(commands.Cog):
    """Turns /jobs into a list."""

    def __init__(self, own_jobs: OwnJobs) -> None:
        self.own_jobs = own_jobs

    @app_commands.command()
    async def jobs(self, interaction: discord.Interaction) -> None:
        """Show your waiting and recent pictures."""
        mine = (await self.own_jobs.recent(interaction.user.id))[:_SHOWN]
        places = await self.own_jobs.places(mine)
        text = _fitting([_line(job, places.get(job.id)) for job in mine])
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.TextDisplay(text or "You have asked for nothing yet. Try /imagine."))
        await interaction.response.send_message(view=view, ephemeral=True)


def _fitting(lines: list[str]) -> str:
    """Return as many of the lines, newest first, as fit into one message."""
    while len(text := "\n".join(lines)) > _MOST:
        lines = lines[:-1]
    return text


def _line(job: Job, ahead: int | None) -> str:
    state = f"**{title_of(job)}**"
    if ahead is not None and job.cancel_at is None:
        state += f" · position {ahead + 1}"
    words = escape_markdown(words_of(job))
    asked = f"`{job.id}` {state} · {words} · <t:{int(job.created_at)}:R>{_link(job)}"
    reason = shorten(job.error_text or "", _REASON, placeholder="…")
    return f"{asked}\n-# {reason}" if reason else asked


def _link(job: Job) -> str:
    to = job.order.destination
    channel_id = job.posted_channel_id or to.channel_id
    message_id = job.posted_message_id or to.message_id
    if message_id is None or to.private:
        return ""
    is_direct = to.guild_id is None or channel_id != to.channel_id
    place = "@me" if is_direct else to.guild_id
    return f" · [message](https://discord.com/channels/{place}/{channel_id}/{message_id})"
