"""Which servers' owners were told of what, and how they are told."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.domain.moderation.owner_notices import OwnerNotice

TellOwner = Callable[[int, OwnerNotice, int | None], Awaitable[bool]]
"""Tells a server's owner of a channel, or of none; False: a later try may do better."""


class OwnerNoticeStore(Protocol):
    """What is kept of it, over all processes and restarts."""

    async def note(self, guild_id: int, notice: OwnerNotice, channel_id: int | None) -> bool:
        """Note that the owner is told of this channel, or of none; False: any notice has told."""

    async def forget(self, guild_id: int, notice: OwnerNotice) -> None:
        """Take that back: it could not be told, or what it was about is mended."""
