"""/provenance, and Check provenance in a message's menu: answers for whoever asks alone."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import EaselError
from bot.domain.jobs.uploads import check_upload_size
from bot.domain.members.errors import NoPictureThere
from bot.domain.pictures.errors import ShownTooLarge
from bot.services.provenance.checking import Provenance
from bot.services.uploads import Upload
from cogs.making.checking.layout import Checked, CheckLayout
from cogs.making.submission import destination_of
from cogs.views.fetching import read_at_most
from cogs.views.permissions import actor_of
from cogs.views.pictures import ShownPicture, pictures_in

_NAME = "Check provenance"
_MOST = 10  # pictures of one message, as many as it can have attachments


class ProvenanceCommands(commands.Cog):
    """Turns a picture, or all of a message, into what can be told of them."""

    def __init__(self, provenance: Provenance) -> None:
        self.provenance = provenance
        # The library takes menus of no cog's methods by itself: the client asks for these.
        self.menus = (app_commands.ContextMenu(name=_NAME, callback=self.check_message),)

    @app_commands.command(name="provenance")
    @app_commands.describe(image="The picture to look at; nothing of it is kept")
    async def check_image(
        self, interaction: discord.Interaction, image: discord.Attachment
    ) -> None:
        """Check whether a picture carries this bot’s label or anyone’s."""
        check_upload_size(image.size)
        picture = ShownPicture(image.url, image.filename, image.size)
        await self._answer(interaction, [picture])

    async def check_message(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        """Check all pictures of this message."""
        pictures = pictures_in(message)[:_MOST]
        if not pictures:
            raise NoPictureThere
        await self._answer(interaction, pictures)

    async def _answer(
        self, interaction: discord.Interaction[Any], pictures: Sequence[ShownPicture]
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        checked = [await self._checked(interaction, picture) for picture in pictures]
        only = checked[0].refusal if len(checked) == 1 else None
        if only is not None:
            raise only
        await interaction.response.send_message(
            view=CheckLayout(checked),
            ephemeral=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def _checked(
        self, interaction: discord.Interaction[Any], picture: ShownPicture
    ) -> Checked:
        to = destination_of(interaction, None, spoiler=False, private=True)
        too_large, http = ShownTooLarge(picture.size), interaction.client.http
        read = partial(read_at_most, http, picture.url, picture.size, too_large)
        upload = Upload(picture.size, read, name=picture.name)
        try:
            found = await self.provenance.check(upload, to, actor_of(interaction))
        except EaselError as refusal:
            return Checked(picture.name, refusal=refusal)
        return Checked(picture.name, found)
