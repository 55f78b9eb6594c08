"""Keeps the styles that servers have of their own."""

from dataclasses import replace

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.members.presets import Preset, is_name
from bot.domain.moderation.acts import Act, ActKind
from bot.ports.members import PresetStore
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.members.tables import presets
from storage.moderation import audit


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
        before = await _remove(conn, guild_id, preset.name)
        row = {"guild_id": guild_id, "name": preset.name, "words": preset.words}
        await conn.execute(insert(presets).values(**row, set_by=set_by, set_at=now))
        act = Act(guild_id, set_by, ActKind.PRESET_SET, now, target=preset.name)
        await audit.write(conn, replace(act, before=before, after=preset.words))
        return True

    @override
    @in_transaction
    async def remove(
        self, conn: AsyncConnection, guild_id: int, name: str, *, by: int, now: float
    ) -> bool:
        before = await _remove(conn, guild_id, name)
        if before is None:
            return False
        act = Act(guild_id, by, ActKind.PRESET_REMOVED, now, target=name, before=before)
        await audit.write(conn, act)
        return True


async def _of(conn: AsyncConnection, guild_id: int) -> tuple[Preset, ...]:
    rows = await conn.execute(
        select(presets.c.name, presets.c.words).where(presets.c.guild_id == guild_id)
    )
    found = (Preset(row.name, row.words) for row in rows)
    return tuple(sorted(found, key=lambda preset: preset.name.casefold()))


async def _remove(conn: AsyncConnection, guild_id: int, name: str) -> str | None:
    """Remove what has that name in any letters, and return its words, None where there is none.

    No database folds all letters as Python does.
    """
    found = [each for each in await _of(conn, guild_id) if is_name(name, each.name)]
    names = [each.name for each in found]
    is_it = (presets.c.guild_id == guild_id, presets.c.name.in_(names))
    await conn.execute(delete(presets).where(*is_it))
    return found[0].words if found else None
