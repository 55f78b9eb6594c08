"""What commands and the client around them know of each other."""

from typing import Any, Protocol, cast

import discord

from bot.domain.storage_errors import StorageFault
from bot.domain.wording.sentences import Operator

ASKS_FOR_JOB = "asks for a job"  # a mark of interactions whose message a picture may come into


class _StorageFaultLog(Protocol):
    def note(self, error: StorageFault, command: str) -> None: ...


class _Hosted(Protocol):
    operator: Operator
    storage_faults: _StorageFaultLog


def operator_of(interaction: discord.Interaction[Any]) -> Operator:
    """Return who runs the bot that was asked."""
    return cast("_Hosted", interaction.client).operator


def note_storage_fault(interaction: discord.Interaction[Any], fault: StorageFault) -> None:
    """Log what a command met that keeps the database or the disk from being used."""
    command = interaction.command.qualified_name if interaction.command else "?"
    cast("_Hosted", interaction.client).storage_faults.note(fault, command)
