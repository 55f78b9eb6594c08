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
from storage.moderation.posted_lines import show_anew
from storage.moderation.tables import IS_STALE, log_lines, posted_lines
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
            lines = [await _line(conn, row.id, row.at, row.line) for row in kept]
            batches.append(LogBatch(guild_id, channel_id, tuple(lines)))
        return batches

    @override
    @in_transaction
    async def drop(self, conn: AsyncConnection, numbers: Sequence[int]) -> None:
        await conn.execute(delete(log_lines).where(log_lines.c.id.in_(numbers)))

    @override
    @in_transaction
    async def keep_posted(self, conn: AsyncConnection, batch: LogBatch, message_id: int) -> None:
        place = {
            "guild_id": batch.guild_id,
            "channel_id": batch.channel_id,
            "message_id": message_id,
        }
        told = [
            place | _kept(row)
            for row in await conn.execute(
                select(log_lines).where(log_lines.c.id.in_(batch.numbers)).order_by(log_lines.c.id)
            )
        ]
        if len(told) < len(batch.lines):  # somebody was erased after the lines were read
            told.append(place | {"at": batch.lines[0].at, "changes": 1})
        for row in told:
            await conn.execute(posted_lines.insert().values(row))
        await _mark_changed_meanwhile(conn, batch, message_id)
        await conn.execute(delete(log_lines).where(log_lines.c.id.in_(batch.numbers)))

    @override
    @on_connection
    async def stale(self, conn: AsyncConnection, most: int) -> list[LogBatch]:
        of_stale = select(posted_lines.c.message_id).where(IS_STALE).order_by(posted_lines.c.id)
        message_ids = list(dict.fromkeys(await conn.scalars(of_stale.limit(most))))
        in_order = select(posted_lines).order_by(posted_lines.c.message_id, posted_lines.c.id)
        rows = await conn.execute(in_order.where(posted_lines.c.message_id.in_(message_ids)))
        batches = []
        for message_id, of_message in groupby(rows.all(), key=lambda row: row.message_id):
            kept = list(of_message)
            lines = [await _line(conn, row.id, row.at, _told(row)) for row in kept]
            first = kept[0]
            changes = tuple(row.changes for row in kept)
            place = (first.guild_id, first.channel_id)
            batches.append(LogBatch(*place, tuple(lines), message_id, changes))
        return batches

    @override
    @in_transaction
    async def shown_anew(self, conn: AsyncConnection, batch: LogBatch) -> None:
        for number, changes in zip(batch.numbers, batch.changes, strict=True):
            # What changed while the message was shown is shown once more.
            is_shown = (posted_lines.c.id == number, posted_lines.c.changes == changes)
            await conn.execute(update(posted_lines).where(*is_shown).values(changes=0))

    @override
    @on_connection
    async def forget_posted(self, conn: AsyncConnection, before: float) -> None:
        are_old = posted_lines.c.at < before
        if await conn.scalar(select(posted_lines.c.id).where(are_old).limit(1)) is not None:
            await conn.execute(delete(posted_lines).where(are_old))
            await conn.commit()

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


def _kept(row: Row[Any]) -> dict[str, Any]:
    """Return a line that waited as one that is posted."""
    user = row.line.get("user")
    told = {"job_id": row.line.get("job"), "act": row.line.get("act"), "word": row.line.get("word")}
    return told | {"at": row.at, "user_id": None if user is None else int(user), "changes": 0}


def _told(row: Row[Any]) -> dict[str, Any]:
    """Return what a posted line tells of, as one that waits has it."""
    told = {"job": row.job_id, "act": row.act, "word": row.word, "user": row.user_id}
    return {name: value for name, value in told.items() if value is not None}


async def _mark_changed_meanwhile(conn: AsyncConnection, batch: LogBatch, message_id: int) -> None:
    """Let a message be shown anew where less was to be told once it was posted."""
    gone = select(jobs.c.id).where(jobs.c.deleted_at.is_not(None))
    its_own = posted_lines.c.message_id == message_id
    await show_anew(conn, and_(its_own, posted_lines.c.job_id.in_(gone)))
    for act in (line.act for line in batch.lines if line.act is not None):
        if await act_numbered(conn, act.number) != act:
            await show_anew(conn, and_(its_own, posted_lines.c.act == act.number))


async def _line(conn: AsyncConnection, number: int, at: float, line: dict[str, Any]) -> LogLine:
    """Return a line with what is kept of what it tells of."""
    if "act" in line:
        return LogLine(number, at, act=await act_numbered(conn, line["act"]))
    if "word" in line:
        return LogLine(number, at, hit=WordHit(int(line["user"]), line["word"]))
    if "job" not in line:
        return LogLine(number, at)
    of_job = (
        select(jobs, ledger.c.cost_usd.label("paid_usd"))
        .join(ledger, ledger.c.job_id == jobs.c.id)
        .where(jobs.c.id == line["job"])
    )
    found = (await conn.execute(of_job)).one_or_none()
    if found is None:
        return LogLine(number, at)
    return LogLine(number, at, job=job_of(found), cost_usd=float(found.paid_usd))
