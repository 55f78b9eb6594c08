"""Hands out the lines that wait for log channels, with the job or the act that each tells of."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.moderation.log_lines import LogBatch, LogLine, WordHit
from bot.ports.moderation.log_lines import LogLineStore
from storage.database.tables import guild_settings, jobs, ledger, settings
from storage.database.transactions import Store, in_transaction, on_connection
from storage.database.upsert import upsert
from storage.moderation.audit import act_numbered
from storage.moderation.log_lines import LOG_CHANNEL, note
from storage.moderation.tables import log_lines
from storage.queue.rows import job_of

_POSTER = "log lines are posted by"


class SqlLogLines(Store, LogLineStore):
    """`LogLineStore` on SQLite and PostgreSQL."""

    @override
    @in_transaction
    async def hold(self, conn: AsyncConnection, holder: str, now: float, until: float) -> bool:
        value = f"{until:020.3f} {holder}"
        row = upsert(conn, settings).values(key=_POSTER, value=value)
        first = await conn.execute(row.on_conflict_do_nothing(index_elements=["key"]))
        if first.rowcount:
            return True
        is_free = or_(settings.c.value < f"{now:020.3f}", settings.c.value.endswith(f" {holder}"))
        taken = update(settings).where(settings.c.key == _POSTER, is_free).values(value=value)
        return (await conn.execute(taken)).rowcount == 1

    @override
    @on_connection
    async def waiting(self, conn: AsyncConnection, most: int) -> list[LogBatch]:
        place = func.row_number().over(partition_by=log_lines.c.guild_id, order_by=log_lines.c.id)
        ranked = select(log_lines, place.label("place")).subquery()
        is_channel = and_(
            guild_settings.c.guild_id == ranked.c.guild_id, guild_settings.c.key == LOG_CHANNEL
        )
        first = (
            select(ranked, guild_settings.c.value.label("channel_id"))
            .outerjoin(guild_settings, is_channel)
            .where(ranked.c.place <= most)
            .order_by(ranked.c.guild_id, ranked.c.id)
        )
        rows = (await conn.execute(first)).all()
        batches = []
        for guild_id, of_guild in groupby(rows, key=lambda row: row.guild_id):
            kept = list(of_guild)
            channel_id = int(kept[0].channel_id) if kept[0].channel_id else None
            lines = [await _line(conn, row) for row in kept]
            batches.append(LogBatch(guild_id, channel_id, tuple(lines)))
        return batches

    @override
    @in_transaction
    async def drop(self, conn: AsyncConnection, numbers: Sequence[int]) -> None:
        await conn.execute(delete(log_lines).where(log_lines.c.id.in_(numbers)))

    @override
    @in_transaction
    async def drop_older(self, conn: AsyncConnection, before: float) -> int:
        return (await conn.execute(delete(log_lines).where(log_lines.c.at < before))).rowcount

    @override
    @in_transaction
    async def note_hit(
        self, conn: AsyncConnection, guild_id: int, hit: WordHit, now: float
    ) -> None:
        await note(conn, guild_id, now, {"word": hit.word, "user": str(hit.user_id)})


async def _line(conn: AsyncConnection, row: Row[Any]) -> LogLine:
    """Return a line with what is kept of what it tells of."""
    if "act" in row.line:
        return LogLine(row.id, row.at, act=await act_numbered(conn, row.line["act"]))
    if "word" in row.line:
        return LogLine(row.id, row.at, hit=WordHit(int(row.line["user"]), row.line["word"]))
    of_job = (
        select(jobs, ledger.c.cost_usd.label("paid_usd"))
        .join(ledger, ledger.c.job_id == jobs.c.id)
        .where(jobs.c.id == row.line["job"])
    )
    found = (await conn.execute(of_job)).one_or_none()
    if found is None:
        return LogLine(row.id, row.at)
    return LogLine(row.id, row.at, job=job_of(found), cost_usd=float(found.paid_usd))
