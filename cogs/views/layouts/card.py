"""The card that every message about a job is: a colour, its texts, its prompt, its buttons."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.jobs.job import Job
from bot.domain.wording.quoting import in_one_line, quoted
from cogs.views.job_buttons import PromptButton

PROMPT_SHOWN = 200  # characters, five lines of a phone; the rest is a button away

WAITING = discord.Colour(0x5B6EE1)
DONE = discord.Colour(0x3BA776)
ENDED = discord.Colour(0xC8553D)


def card(
    colour: discord.Colour, *parts: str | ui.MediaGallery[ui.LayoutView]
) -> ui.Container[ui.LayoutView]:
    """Return a card of these parts, from top to bottom; an empty text is left out."""
    items: list[ui.Item[ui.LayoutView]] = [
        ui.TextDisplay(part) if isinstance(part, str) else part for part in parts if part
    ]
    return ui.Container(*items, accent_colour=colour)


def prompt_quote(job: Job) -> str:
    """Return the beginning of a job's prompt as a quotation, "" where it has none."""
    prompt = quoted(job.order.options.prompt, PROMPT_SHOWN)
    return f"> {prompt}" if prompt else ""


def small_print(text: str) -> str:
    """Return each line of a text in small print."""
    return "\n".join(f"-# {line}" for line in text.splitlines())


def with_prompt(job: Job, *buttons: ui.Item[Any]) -> list[ui.Item[Any]]:
    """Return buttons, and one for the whole prompt where that was shortened."""
    is_cut = len(in_one_line(job.order.options.prompt)) > PROMPT_SHOWN
    return [*buttons, PromptButton(job.id)] if is_cut else [*buttons]


def add_row(to: ui.Container[ui.LayoutView], buttons: Sequence[ui.Item[Any]]) -> None:
    """Add a row of buttons, if there are any."""
    if buttons:
        to.add_item(ui.ActionRow(*buttons))
