"""/privacy: what others may do with a member's own, all that is kept of them, and its end."""

import io
import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Protocol, Self, cast

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.domain.discord_limits import FILE_BYTES
from bot.domain.personal.errors import NotYourErasure
from bot.domain.wording.quoting import Markup
from bot.domain.wording.sentences import say
from bot.services.members.remixing import Remixing
from bot.services.personal.erasing import Erasing
from bot.services.personal.exporting import Exports, Part
from cogs.mine import privacy_texts as texts
from cogs.views.hosting import operator_of
from cogs.views.job_buttons import cog_of

_SPARE_BYTES = 64 * 1024  # of a request, for all that is not the file
_LEAST_LEFT_S = 90.0  # of the interaction's token, to send a part of the largest size


class _PrivacyCog(Protocol):
    async def erase_now(self, interaction: discord.Interaction[Any], user_id: int) -> None: ...


class EraseButton(ui.DynamicItem[ui.Button[Any]], template=r"easel:erase:(?P<user>[0-9]{1,20})"):
    """Says yes to an erasure, of whoever was asked alone; works after a restart, too."""

    def __init__(self, user_id: int) -> None:
        style = discord.ButtonStyle.danger
        button: ui.Button[Any] = ui.Button(
            custom_id=f"easel:erase:{user_id}", label="Erase it all", style=style
        )
        super().__init__(button)
        self.user_id = user_id

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id."""
        return cls(int(match["user"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Erase."""
        cog = cast("_PrivacyCog", cog_of(interaction, "Privacy"))
        await cog.erase_now(interaction, self.user_id)


class Privacy(
    commands.GroupCog,
    name="Privacy",
    group_name="privacy",
    group_description="What others may do with your pictures, and what is kept of you",
):
    """Turns /privacy into a member's own affairs, the same in every server.

    `kept_s` is how long pictures and prompts are kept, in seconds.
    """

    def __init__(
        self, remixing: Remixing, exports: Exports, erasing: Erasing, kept_s: tuple[float, float]
    ) -> None:
        super().__init__()
        self.remixing = remixing
        self.exports = exports
        self.erasing = erasing
        self.kept_s = kept_s

    @app_commands.command()
    @app_commands.describe(allow="May others restyle your pictures? Empty = as for everybody")
    async def remix(self, interaction: discord.Interaction, allow: bool | None = None) -> None:
        """Say whether others may restyle your pictures."""
        await self.remixing.set_allowed(interaction.user.id, allows=allow)
        text = f"{say(texts.REMIX[allow])}\n{self._kept(interaction)}"
        await interaction.response.send_message(text, ephemeral=True)

    @app_commands.command()
    async def export(self, interaction: discord.Interaction) -> None:
        """Get all that is kept of you: data and pictures, as ZIP files."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        most = min(interaction.filesize_limit, FILE_BYTES) - _SPARE_BYTES
        async with aclosing(self.exports.parts(interaction.user.id, most)) as parts:
            await self._send(interaction, parts)

    async def _send(
        self, interaction: discord.Interaction[Any], parts: AsyncIterator[Part]
    ) -> None:
        async for part in parts:
            file = discord.File(io.BytesIO(part.data), filename=f"easel-{part.number}.zip")
            await interaction.followup.send(
                self._said(interaction, part), file=file, ephemeral=True
            )
            if (interaction.expires_at - discord.utils.utcnow()).total_seconds() < _LEAST_LEFT_S:
                rest = say(texts.EXPORT_CUT_SHORT, operator=operator_of(interaction).reached)
                await interaction.followup.send(rest, ephemeral=True)
                return

    def _said(self, interaction: discord.Interaction[Any], part: Part) -> str:
        lines = [say(texts.EXPORT_MORE, number=part.number)]
        if part.number == 1:
            lines = [say(texts.EXPORT_FIRST), self._kept(interaction)]
        if part.missing:
            sentence = texts.EXPORT_MISSING_ONE if part.missing == 1 else texts.EXPORT_MISSING
            lines.append(say(sentence, missing=part.missing))
        return "\n".join(lines)

    @app_commands.command()
    async def erase(self, interaction: discord.Interaction) -> None:
        """Erase what is kept of you, after a question."""
        live = await self.erasing.live(interaction.user.id)
        text = texts.erase_text(live, self._kept(interaction))
        view = ui.View(timeout=None).add_item(EraseButton(interaction.user.id))
        await interaction.response.send_message(text, view=view, ephemeral=True)

    async def erase_now(self, interaction: discord.Interaction[Any], user_id: int) -> None:
        """Erase whoever pressed; raises NotYourErasure for a button of somebody else's."""
        if user_id != interaction.user.id:
            raise NotYourErasure
        await interaction.response.defer()
        live = await self.erasing.erase(user_id)
        said = texts.ERASED_BUT_LIVE if live else texts.ERASED
        await interaction.response.edit_message(content=say(said), view=None)

    def _kept(self, interaction: discord.Interaction[Any]) -> Markup:
        pictures_s, prompts_s = self.kept_s
        return texts.kept_text(pictures_s, prompts_s, operator_of(interaction))
