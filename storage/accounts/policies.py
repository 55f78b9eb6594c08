"""Reads in one look what a server's moderators have decided of who may ask for what."""

from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.ports.moderation.policies import Lists, PolicyLook, PolicyStore
from storage.accounts.guild_settings import settings_of
from storage.database.transactions import Store, on_connection
from storage.moderation.blocks import blocks_of
from storage.moderation.revisions import revision_of
from storage.moderation.words import words_of


class SqlPolicies(Store, PolicyStore):
    """`PolicyStore` on the tables `guild_settings`, `blocks` and `words`."""

    @override
    @on_connection
    async def look(self, conn: AsyncConnection, guild_id: int, known: str | None) -> PolicyLook:
        revision = await revision_of(conn, guild_id)
        settings = await settings_of(conn, guild_id)
        if revision == known:
            return PolicyLook(settings, revision, None)
        lists = Lists(await blocks_of(conn, guild_id), await words_of(conn, guild_id))
        return PolicyLook(settings, revision, lists)
