"""The `job` option of several commands: its suggestions, and its text as an id."""

from collections.abc import Awaitable, Callable, Iterable

import discord
from discord import app_commands

from bot.domain.discord_limits import CHOICE_CHARS, CHOICES
from bot.domain.jobs.job import Job, JobId
from bot.domain.storage_errors import StorageFault
from bot.domain.wording.quoting import shortened
from cogs.views.hosting import note_storage_fault
from cogs.views.job_texts import words_of

_LONGEST_TYPED = 40  # characters; an id has 13


async def job_choices(
    interaction: discord.Interaction,
    jobs: Awaitable[Iterable[Job]],
    typed: str,
    words: Callable[[Job], str] = words_of,
) -> list[app_commands.Choice[str]]:
    """Return those of the jobs whose words hold the typed text; none where they cannot be read."""
    try:
        found = await jobs
    except StorageFault as fault:
        # The library would log it whole, for every letter that anybody types.
        note_storage_fault(interaction, fault)
        return []
    named = [(f"{job.id} · {words(job)} · {job.state}", job.id) for job in found]
    hits = [(name, value) for name, value in named if typed.casefold() in name.casefold()]
    shown = [(shortened(name, CHOICE_CHARS), value) for name, value in hits[:CHOICES]]
    return [app_commands.Choice(name=name, value=value) for name, value in shown]


def job_id_of_text(text: str) -> JobId:
    """Return what a member typed as an id; one that cannot be is simply not found."""
    return JobId(shortened(text.strip().split(" ")[0].casefold(), _LONGEST_TYPED))
