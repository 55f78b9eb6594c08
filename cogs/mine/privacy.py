"""/privacy: what others may do with what is a member's own."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.wording.sentences import say
from bot.services.members.remixing import Remixing

_ALLOWED = "Others may restyle your pictures now: what is made for you, and what you post."
_FORBIDDEN = (
    "Others may not restyle your pictures now: neither what is made for you nor what you post."
)
_AS_USUAL = (
    "You have no say set now, so it is as for everybody: others may restyle what is made for you, "
    "but not what you post, unless a server’s moderators decide otherwise."
)
_SENTENCES = {True: _ALLOWED, False: _FORBIDDEN, None: _AS_USUAL}


class Privacy(
    commands.GroupCog,
    group_name="privacy",
    group_description="What others may do with your pictures",
):
    """Turns /privacy into a member's own settings, the same in every server."""

    def __init__(self, remixing: Remixing) -> None:
        super().__init__()
        self.remixing = remixing

    @app_commands.command()
    @app_commands.describe(allow="May others restyle your pictures? Empty = as for everybody")
    async def remix(self, interaction: discord.Interaction, allow: bool | None = None) -> None:
        """Say whether others may restyle your pictures."""
        await self.remixing.set_allowed(interaction.user.id, allows=allow)
        await interaction.response.send_message(say(_SENTENCES[allow]), ephemeral=True)
