"""Who runs this bot, for the words of an answer."""

from typing import Any, Protocol, cast

import discord

from bot.domain.operators import Operator


class _Hosted(Protocol):
    operator: Operator


def operator_of(interaction: discord.Interaction[Any]) -> Operator:
    """Return who runs the bot that was asked."""
    return cast("_Hosted", interaction.client).operator
