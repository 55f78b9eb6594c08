"""Which job a message of the bot's own is about."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import discord

from bot.domain.jobs.job import JobId

_JOB_IN_ID = re.compile(r"easel:[a-z-]+:([0-9a-z]{13})(?::.*)?")


def job_of(interaction: discord.Interaction[Any], message: discord.Message) -> JobId | None:
    """Return the job whose buttons stand under a message of the bot's own; None for any other.

    Texts are not looked at: nobody but the bot can put a button under its messages.
    """
    bot = interaction.client.user
    if bot is None or message.author.id != bot.id:
        return None
    found = map(_JOB_IN_ID.fullmatch, _custom_ids(message.components))
    return next((JobId(match[1]) for match in found if match), None)


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        yield getattr(component, "custom_id", None) or ""
        yield from _custom_ids(getattr(component, "children", ()))
