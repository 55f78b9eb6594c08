"""What the bot must be allowed in a channel before it works for it, and who may manage it."""

from typing import Any

import discord

from bot.domain.errors import NeedsManageServer, PermissionsMissing

_NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "attach_files": "Attach Files",
}
_THREADS = (
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)


def check_may_manage(interaction: discord.Interaction[Any]) -> None:
    """Raise NeedsManageServer unless whoever asks has that permission at this moment."""
    if not interaction.permissions.manage_guild:
        raise NeedsManageServer


def check_can_post(interaction: discord.Interaction[Any]) -> None:
    """Raise PermissionsMissing, naming them, where a result could not be posted.

    The interaction itself says what the bot may do in its channel, overwrites included.
    """
    if interaction.guild_id is None:
        return
    allowed = interaction.app_permissions
    needed = dict(_NEEDED)
    if interaction.channel is not None and interaction.channel.type in _THREADS:
        del needed["send_messages"]
        needed["send_messages_in_threads"] = "Send Messages in Threads"
    missing = [name for flag, name in needed.items() if not getattr(allowed, flag)]
    if missing:
        raise PermissionsMissing(missing=" and ".join(missing))
