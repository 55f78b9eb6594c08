"""A form that puts a request another way: its parts, and the pictures in place of those given."""

from collections.abc import Awaitable, Callable, Sequence
from functools import reduce
from typing import Any

import discord
from discord import ui

from bot.domain.discord_limits import TOKEN_LIFE_S
from bot.domain.jobs.job import Options
from bot.domain.wording.sentences import say
from cogs.making.follow_ups.form_parts import Part

_PICTURE = "Picture"
_INSTEAD = "Only where it is to be another one than before."
_ADDED = "Only where it is to be made from a picture."
_SEVERAL = "Up to {most}, in place of those given before."
_GONE = "The one you gave is no longer kept."

Then = Callable[[discord.Interaction[Any], Options, list[discord.Attachment]], Awaitable[None]]
"""Goes on with the options and the pictures that were filled in."""


class RequestForm(ui.Modal):
    """Fills options in anew; `pictures` is the field for others, where there is one."""

    def __init__(
        self,
        title: str,
        options: Options,
        parts: Sequence[Part],
        then: Then,
        pictures: ui.Label[Any] | None = None,
    ) -> None:
        super().__init__(title=title, timeout=TOKEN_LIFE_S)  # who closes a form tells nobody
        self._options = options
        self._parts = parts
        self._then = then
        self._files = pictures.component if pictures else None
        for part in parts:
            self.add_item(part.item)
        if pictures is not None:
            self.add_item(pictures)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Go on with what was filled in."""
        options = reduce(lambda options, part: part.put(options), self._parts, self._options)
        files = self._files.values if isinstance(self._files, ui.FileUpload) else []
        await self._then(interaction, options, files)


def pictures_field(most: int, *, had: bool, is_gone: bool) -> ui.Label[Any]:
    """Return the field for other pictures; required where the request's own are gone."""
    about = _INSTEAD if had else _ADDED
    if most > 1:
        about = say(_SEVERAL, most=most)
    files: ui.FileUpload[Any] = ui.FileUpload(
        custom_id="pictures", required=is_gone, min_values=int(is_gone), max_values=most
    )
    return ui.Label(text=_PICTURE, component=files, description=_GONE if is_gone else about)
