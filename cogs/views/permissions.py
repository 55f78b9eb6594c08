"""What the bot must be allowed in a channel before it works for it, and who may manage it."""

from typing import Any, cast

import discord
from discord.app_commands import AppCommandChannel, AppCommandThread

from bot.domain.errors import NeedsManageServer, PermissionsMissing
from bot.domain.guilds.errors import RoleAboveOwn, RoleGone, RoleOfApp
from bot.domain.members.actor import Actor
from bot.domain.moderation.asking import Asking
from bot.domain.quotas.errors import ChannelClosed, ChannelNotSeen

_TO_WRITE = {"view_channel": "View Channel", "send_messages": "Send Messages"}
_TO_POST_PICTURES = _TO_WRITE | {"attach_files": "Attach Files"}
Chosen = AppCommandChannel | AppCommandThread
"""A channel or thread as an option or a form's list has it."""

_THREADS = (
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)


def actor_of(interaction: discord.Interaction[Any]) -> Actor:
    """Return who acts, with what the interaction says of them at this moment.

    The only maker of an `Actor`: no cache and no earlier message has a say in it.
    """
    user, guild_id = interaction.user, interaction.guild_id
    may_manage = guild_id is not None and interaction.permissions.manage_guild
    joined = user.joined_at if isinstance(user, discord.Member) else None
    return Actor(
        user.id,
        guild_id,
        may_manage=may_manage,
        role_ids=role_ids_of(user),
        joined_at=joined.timestamp() if joined else None,
    )


def asking_of(
    interaction: discord.Interaction[Any], *, private: bool = False, is_told: bool = False
) -> Asking:
    """Return who asks for pictures, and where, as the interaction says it at this moment."""
    channel = interaction.channel
    parent_id = channel.parent_id if isinstance(channel, discord.Thread) else None
    channel_id = interaction.channel_id or 0
    actor = actor_of(interaction)
    return Asking(actor, channel_id, parent_id, private=private, is_told=is_told)


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
    kind = interaction.channel.type if interaction.channel is not None else None
    missing = _missing(_TO_POST_PICTURES, kind, interaction.app_permissions)
    if missing:
        raise PermissionsMissing(missing=" and ".join(missing))


def check_can_notify(interaction: discord.Interaction[Any], channel: Chosen) -> None:
    """Raise ChannelNotSeen, or ChannelClosed with what is missing, where no notice could stand."""
    _check_can(interaction, channel, _TO_WRITE)


def check_can_make(interaction: discord.Interaction[Any], channel: Chosen) -> None:
    """Raise the same where no picture could be posted."""
    _check_can(interaction, channel, _TO_POST_PICTURES)


def check_is_below(interaction: discord.Interaction[Any], role: discord.Role) -> None:
    """Raise RoleAboveOwn for a role above the bot's own, where it has one.

    Raises what `check_is_for_members` does, too.
    """
    check_is_for_members(interaction, role)
    # The library's own member is None where the gateway has not told of the server yet.
    me: discord.Member | None = interaction.guild.me if interaction.guild else None
    own = me.top_role if me is not None else None
    if own is not None and not own.is_default() and role.position > own.position:
        raise RoleAboveOwn(role_id=role.id)


def check_is_for_members(interaction: discord.Interaction[Any], role: discord.Role) -> None:
    """Raise RoleOfApp for one that no member can have, RoleGone for one that is no more."""
    if role.is_bot_managed():
        raise RoleOfApp(role_id=role.id)
    guild = interaction.guild
    # Where the gateway has not told of the server yet, none of its roles are known.
    if guild is not None and guild.roles and guild.get_role(role.id) is None:
        raise RoleGone


def _check_can(
    interaction: discord.Interaction[Any], channel: Chosen, needed: dict[str, str]
) -> None:
    guild = channel.guild
    place_id = channel.parent_id if isinstance(channel, AppCommandThread) else channel.id
    place = guild.get_channel(place_id) if guild else None
    if guild is None or place is None or _is_shut_out(channel, guild):
        raise ChannelNotSeen(channel_id=channel.id)
    allowed = _told(interaction, channel)
    if allowed is None:
        allowed = place.permissions_for(guild.me)
    if not allowed.view_channel:
        allowed = discord.Permissions.none()  # whoever does not see a channel does nothing there
    missing = _missing(needed, channel.type, allowed)
    is_locked = isinstance(channel, AppCommandThread) and channel.locked
    if is_locked and not allowed.manage_threads:
        missing.append("Manage Threads, as the thread is locked")
    if missing:
        raise ChannelClosed(channel_id=channel.id, missing=" and ".join(missing))


def _told(interaction: discord.Interaction[Any], channel: Chosen) -> discord.Permissions | None:
    """Return what the interaction says that the bot may do in a channel that was chosen.

    Discord tells it since 2026-07; the library does not read it.
    """
    data = cast("dict[str, Any]", interaction.data or {})
    resolved = data.get("resolved") or {}
    shown = resolved.get("channels", {}).get(str(channel.id), {})
    bits = shown.get("app_permissions")
    return None if bits is None else discord.Permissions(int(bits))


def _is_shut_out(channel: Chosen, guild: discord.Guild) -> bool:
    """Tell of a private thread whether Discord keeps it from the bot."""
    is_private = channel.type is discord.ChannelType.private_thread
    return is_private and guild.get_thread(channel.id) is None


def _missing(
    needed: dict[str, str], kind: discord.ChannelType | None, allowed: discord.Permissions
) -> list[str]:
    """Return the names of the permissions that a channel of this kind lacks."""
    if kind in _THREADS:
        instead = ("send_messages_in_threads", "Send Messages in Threads")
        needed = dict(instead if each[0] == "send_messages" else each for each in needed.items())
    return [name for flag, name in needed.items() if not getattr(allowed, flag)]


def role_ids_of(user: discord.User | discord.Member) -> frozenset[int]:
    """Return the roles that the interaction says somebody has in the server.

    `Member.roles` leaves out what the gateway has not told of yet: after a start, all of them.
    """
    return frozenset(user._roles if isinstance(user, discord.Member) else ())  # noqa: SLF001 - the ids as they came
