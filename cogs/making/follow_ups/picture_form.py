"""The form that takes pictures which are no longer kept, or in place of those given."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.domain.discord_limits import TOKEN_LIFE_S, UPLOADED_FILES
from bot.domain.jobs.job import Job
from bot.domain.wording.sentences import say

GONE = "The picture you gave is no longer kept. Hand it in once more; the rest stays as it was."
RESULT_GONE = "This result is no longer kept. Hand the picture in once more to work on it."
ANOTHER = "Hand in another picture; the rest stays as it was."
_PICTURE = "Picture"
_PICTURES = "Pictures, up to {most}"

Then = Callable[[discord.Interaction[Any], list[discord.Attachment]], Awaitable[None]]
"""Goes on with what was handed in."""


class PictureForm(ui.Modal):
    """Takes at most so many pictures, and then goes on."""

    def __init__(self, title: str, sentence: str, most: int, then: Then) -> None:
        super().__init__(title=title, timeout=TOKEN_LIFE_S)  # who closes a form tells nobody
        self._then = then
        self._pictures: ui.FileUpload[Any] = ui.FileUpload(
            custom_id="pictures", required=True, min_values=1, max_values=most
        )
        label = _PICTURE if most == 1 else say(_PICTURES, most=most)
        self.add_item(ui.TextDisplay(sentence))
        self.add_item(ui.Label(text=label, component=self._pictures))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Go on with the new pictures."""
        await self._then(interaction, self._pictures.values)


def most_pictures(job: Job) -> int:
    """Return how many pictures a form asks for in place of a job's own."""
    if job.order.command == "blend":
        return UPLOADED_FILES
    return 2 if job.order.options.style_image else 1
