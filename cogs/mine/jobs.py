"""/jobs: what of mine waits, is being made, or was made lately."""

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.domain.discord_limits import LAYOUT_CHARS
from bot.domain.jobs.job import Job
from bot.domain.wording.mentions import from_now
from bot.domain.wording.quoting import quoted
from bot.services.own_jobs import OwnJobs
from cogs.views.fitting import fitting
from cogs.views.job_texts import link_to, quoted_words_of
from cogs.views.layouts.texts import title_of

_SHOWN = 15
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
        text = "\n".join(fitting([_line(job, places.get(job.id)) for job in mine], LAYOUT_CHARS))
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.TextDisplay(text or "You have asked for nothing yet. Try /imagine."))
        await interaction.response.send_message(view=view, ephemeral=True)


def _line(job: Job, ahead: int | None) -> str:
    state = f"**{title_of(job)}**"
    if ahead is not None and job.cancel_at is None:
        state += f" · position {ahead + 1}"
    words = quoted_words_of(job)
    asked = f"`{job.id}` {state} · {words} · {from_now(int(job.created_at))}{link_to(job)}"
    if job.reason is None:
        return asked
    return f"{asked}\n-# {quoted(str(job.reason.error), _REASON)}"
