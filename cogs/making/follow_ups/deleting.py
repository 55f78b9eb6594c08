"""Delete: asks once, and then a result is gone for good."""

from collections import OrderedDict
from contextlib import suppress
from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.domain.errors import Undeliverable
from bot.domain.jobs.job import JobId
from bot.ports.delivery import Place
from bot.services.follow_ups.deleting import Deletions
from cogs.views.job_buttons import DeleteButton
from cogs.views.permissions import actor_of

_ASK = (
    "Delete this result for good? Its message goes, and so do the pictures that are kept for it. "
    "What it took of the quota stays taken."
)
_GONE = "Deleted. Its message and the pictures kept for it are gone."
_STAYS = (
    "Deleted: the pictures kept for it are gone. A message of it is still shown that I can no "
    "longer reach; delete or dismiss it yourself."
)
_NOT_NOW = (
    "The pictures kept for it are gone. Discord did not take its message away just now; press "
    "once more."
)
_REMEMBERED = 500  # questions

Question = tuple[int, JobId]
"""Who was asked about which job."""


class Delete(commands.Cog, name="Delete"):
    """What the choice under a result and the button of its question reach for."""

    def __init__(self, deletions: Deletions) -> None:
        self.deletions = deletions
        # Only the interaction of the choice itself reaches a message that its member alone sees.
        self._asked: OrderedDict[Question, discord.Interaction[Any]] = OrderedDict()

    async def ask(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Ask whoever may delete a result whether they mean it."""
        await self.deletions.check(job_id, actor_of(interaction))
        if _is_private(interaction):
            # An answer to the message itself, which a later deletion of that answer then is.
            await interaction.response.defer()
        view = ui.View(timeout=None).add_item(DeleteButton(job_id))
        await interaction.response.send_message(_ASK, view=view, ephemeral=True)
        self._asked[interaction.user.id, job_id] = interaction
        while len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)

    async def ask_elsewhere(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Ask the same under a message that only tells of the result, and stays."""
        await self.deletions.check(job_id, actor_of(interaction))
        self._asked.pop((interaction.user.id, job_id), None)
        view = ui.View(timeout=None).add_item(DeleteButton(job_id))
        await interaction.response.send_message(_ASK, view=view, ephemeral=True)

    async def delete(self, interaction: discord.Interaction[Any], job_id: JobId) -> None:
        """Delete the result, and say in place of the question what came of it."""
        await interaction.response.defer()
        asked = self._asked.get((interaction.user.id, job_id))
        edit = interaction.response.edit_message
        try:
            is_gone = await self.deletions.delete(job_id, actor_of(interaction), _place_of(asked))
        except Undeliverable:
            await edit(content=_NOT_NOW)
            return
        is_gone |= await _taken_back(asked)
        self._asked.pop((interaction.user.id, job_id), None)
        await edit(content=_GONE if is_gone else _STAYS, view=None)


def _place_of(asked: discord.Interaction[Any] | None) -> Place | None:
    """Return where the message is that the choice was made on, if others see it, too."""
    if asked is None or asked.message is None or _is_private(asked):
        return None
    return asked.message.channel.id, asked.message.id


async def _taken_back(asked: discord.Interaction[Any] | None) -> bool:
    """Delete the message that the choice was made on, where only its member sees it."""
    if asked is None or not _is_private(asked):
        return False
    with suppress(discord.NotFound):
        await asked.delete_original_response()
    return True


def _is_private(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether the message whose component was used is seen by its member alone."""
    return interaction.message is not None and interaction.message.flags.ephemeral
