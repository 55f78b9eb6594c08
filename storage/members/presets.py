"""Keeps the styles that servers have of their own."""

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.members.presets import Preset, is_name
from bot.ports.members import PresetStore
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.members.tables import presets


class SqlPresets(Store, PresetStore):
    """`PresetStore` on the table `presets`."""

    @override
    @on_connection
    async def presets(self, conn: AsyncConnection, guild_id: int) -> tuple[Preset, ...]:
        return await _of(conn, guild_id)

    @override
    @in_transaction
    async def keep(
        self,
        conn: AsyncConnection,
        guild_id: int,
        preset: Preset,
        *,
        set_by: int,
        now: float,
        most: int,
    ) -> bool:
        # Under the mutex: of two moderators at once each would else count the others only.
        await lock_account(conn)
        others = [each for each in await _of(conn, guild_id) if not is_name(preset.name, each.name)]
        if len(others) >= most:
            return False
        await _remove(conn, guild_id, preset.name)
        row = {"guild_id": guild_id, "name": preset.name, "words": preset.words}
        await conn.execute(insert(presets).values(**row, set_by=set_by, set_at=now))
        return True

    @override
    @in_transaction
    async def remove(self, conn: AsyncConnection, guild_id: int, name: str) -> bool:
        return await _remove(conn, guild_id, name)


async def _of(conn: AsyncConnection, guild_id: int) -> tuple[Preset, ...]:
    rows = await conn.execute(
        select(presets.c.name, presets.c.words).where(presets.c.guild_id == guild_id)
    )
    found = (Preset(row.name, row.words) for row in rows)
    return tuple(sorted(found, key=lambda preset: preset.name.casefold()))


async def _remove(conn: AsyncConnection, guild_id: int, name: str) -> bool:
    """Remove what has that name in any letters: no database folds all of them as Python does."""
    names = [each.name for each in await _of(conn, guild_id) if is_name(name, each.name)]
    is_it = (presets.c.guild_id == guild_id, presets.c.name.in_(names))
    return (await conn.execute(delete(presets).where(*is_it))).rowcount > 0
