"""Who moderates a server, decided at the moment of the act."""

from bot.domain.errors import NeedsModerator
from bot.domain.members.actor import Actor, is_moderator
from bot.ports.accounts import GuildSettingsStore


class Moderators:
    """Members with Manage Server, and those with the role that `/settings moderator` names."""

    def __init__(self, store: GuildSettingsStore) -> None:
        self._store = store

    async def include(self, actor: Actor, guild_id: int | None) -> bool:
        """Tell whether somebody who acts now moderates this server; nobody does from elsewhere."""
        if guild_id is None or actor.guild_id != guild_id:
            return False
        if actor.may_manage or not actor.role_ids:
            return actor.may_manage
        return is_moderator(actor, (await self._store.settings(guild_id)).moderator_role_id)

    async def check(self, actor: Actor) -> None:
        """Raise NeedsModerator unless somebody moderates the server they act in."""
        if not await self.include(actor, actor.guild_id):
            raise NeedsModerator
