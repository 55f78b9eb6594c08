"""Options that take a channel or thread, as the interaction describes it."""

from typing import Any

import discord
from discord import app_commands

from cogs.moderating.guild_settings.parts import POSTABLE, USABLE
from cogs.views.permissions import Chosen


class _ChannelTransformer(app_commands.Transformer):
    """Takes a channel of some kinds; whoever asks is checked before what they chose."""

    kinds: tuple[discord.ChannelType, ...]

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Tell clients to offer channels."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Tell clients which ones."""
        return list(self.kinds)

    async def transform(self, _: discord.Interaction[Any], value: Any, /) -> Chosen:
        """Take it as it is: what Easel may do there is asked after who may ask."""
        return value  # type: ignore[no-any-return] # the library made it of one of these types


class _Postable(_ChannelTransformer):
    """Where messages stand."""

    kinds = POSTABLE


class _Usable(_ChannelTransformer):
    """Where commands can be used, and what holds threads where they can."""

    kinds = USABLE


PostableChannel = app_commands.Transform[Chosen, _Postable()]
UsableChannel = app_commands.Transform[Chosen, _Usable()]
