"""Tells a server's owner once of what nobody else in the server would notice."""

from bot.domain.moderation.owner_notices import OwnerNotice
from bot.ports.moderation.owner_notices import OwnerNoticeStore, TellOwner


class OwnerNotices:
    """Remembers in the database, so that a restart or another process tells nothing twice."""

    def __init__(self, *, store: OwnerNoticeStore, tell: TellOwner) -> None:
        self._store = store
        self._tell = tell

    async def tell_once(self, guild_id: int, notice: OwnerNotice, channel_id: int | None) -> None:
        """Tell of this channel, or of none, unless the owner was; tried again where that fails."""
        if not await self._store.note(guild_id, notice, channel_id):
            return
        if not await self._tell(guild_id, notice, channel_id):
            await self._store.forget(guild_id, notice)

    async def mended(self, guild_id: int, notice: OwnerNotice) -> None:
        """Note that it is mended: should it come again, the owner is told again."""
        await self._store.forget(guild_id, notice)
