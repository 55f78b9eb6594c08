"""Remembers which budgets were warned of, so that each warns once in its period.

A server's are kept with its settings, the account's with those of the program. A budget that was
set anew is another one: its mark names the limit, too, and from how much on it warns.
"""

from typing import Any

from sqlalchemy import Table, delete
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.guilds.settings import WARN_AT
from bot.domain.quotas.allowances import LimitWindow
from bot.domain.quotas.limit_kinds import Counted
from bot.ports.accounts import WarningStore
from storage.database.tables import guild_settings, settings
from storage.database.transactions import Store, in_transaction
from storage.database.upsert import upsert

_MARKED = "warned of "


class SqlWarnings(Store, WarningStore):
    """`WarningStore` on the tables `guild_settings` and `settings`."""

    @override
    @in_transaction
    async def forget(
        self, conn: AsyncConnection, guild_id: int | None, *windows: LimitWindow
    ) -> None:
        """Forget that budgets were warned of, unless a later period or another limit was since."""
        for window in windows:
            table, key = _place(guild_id, window)
            is_it = (table.c[name] == value for name, value in key.items())
            await conn.execute(delete(table).where(*is_it, table.c.value == _mark(window)))

    @override
    @in_transaction
    async def forget_server(self, conn: AsyncConnection, guild_id: int) -> None:
        is_mark = guild_settings.c.key.startswith(_MARKED, autoescape=True)
        gone = delete(guild_settings).where(guild_settings.c.guild_id == guild_id, is_mark)
        await conn.execute(gone)


async def note(conn: AsyncConnection, guild_id: int | None, window: LimitWindow) -> bool:
    """Note that a budget is warned of; False when it was before in the same period."""
    table, key = _place(guild_id, window)
    row = upsert(conn, table).values(**key, value=_mark(window))
    noted = row.on_conflict_do_update(
        index_elements=list(key),
        set_={"value": row.excluded.value},
        where=table.c.value != row.excluded.value,
    )
    return (await conn.execute(noted)).rowcount == 1


def _place(guild_id: int | None, window: LimitWindow) -> tuple[Table, dict[str, Any]]:
    key = f"{_MARKED}{window.kind}"
    if window.kind.traits.counts is Counted.ACCOUNT:
        return settings, {"key": key}
    return guild_settings, {"guild_id": guild_id, "key": key}


def _mark(window: LimitWindow) -> str:
    mark = f"{window.since:.0f} {window.limit!r}"
    return mark if window.warns_at == WARN_AT else f"{mark} {window.warns_at}"
