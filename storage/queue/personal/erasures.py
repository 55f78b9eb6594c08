"""Erases a person: words, settings and links go; ledger and limits stand under an alias."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Table,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import Job, JobId, JobState
from bot.domain.moderation.blocks import BlockKind
from bot.domain.quotas.quota import Scope
from bot.ports.personal.data import Erased, PersonalData
from storage.database.tables import (
    IS_ENDED,
    grants,
    jobs,
    ledger,
    quota_rules,
    totals,
)
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.database.upsert import upsert
from storage.members.tables import job_messages, member_settings, pending_requests, presets, reports
from storage.moderation.posted_lines import take_out
from storage.moderation.revisions import revise
from storage.moderation.tables import (
    approvals,
    blocks,
    erasures,
    log_lines,
    people,
    posted_lines,
    words,
)
from storage.queue.rows import job_of

_IS_LIVE = jobs.c.state.in_((JobState.QUEUED, JobState.RUNNING, JobState.DELIVERING))
_SUMS = ("images", "from_grant", "usd", "assumed_usd")
# Whoever set something: the row stays, and names nobody.
_AUTHORS: tuple[Column[Any], ...] = (
    quota_rules.c.set_by,
    grants.c.granted_by,
    presets.c.set_by,
    blocks.c.set_by,
    words.c.set_by,
    approvals.c.decided_by,
)
_OWN: tuple[Table, ...] = (member_settings, pending_requests, reports, people)


class SqlErasures(Store, PersonalData):
    """The erasing of `PersonalData`."""

    @override
    @on_connection
    async def live(self, conn: AsyncConnection, user_id: int) -> list[JobId]:
        found = select(jobs.c.id).where(jobs.c.user_id == user_id, _IS_LIVE)
        return [JobId(job_id) for job_id in await conn.scalars(found)]

    @override
    @on_connection
    async def untold(self, conn: AsyncConnection, user_id: int) -> list[Job]:
        is_untold = and_(jobs.c.user_id == user_id, IS_ENDED, jobs.c.told_at.is_(None))
        return [job_of(row) for row in await conn.execute(select(jobs).where(is_untold))]

    @override
    @in_transaction
    async def erase(self, conn: AsyncConnection, user_id: int, alias: int, now: float) -> Erased:
        await lock_account(conn)
        await _drop_log_lines(conn, user_id)
        ended = await _erase_jobs(conn, user_id, alias, now)
        is_theirs = jobs.c.user_id == user_id
        live = await conn.scalar(select(func.count()).select_from(jobs).where(is_theirs)) or 0
        await _move_ledger(conn, user_id, alias)
        await _move_limits(conn, user_id, alias)
        for author in _AUTHORS:
            named = update(author.table).where(author == user_id)
            await conn.execute(named.values({author.name: alias}))
        # What they cancelled of their own and is at work still ends as cancelled by them.
        of_others = update(jobs).where(jobs.c.cancelled_by == user_id, ~is_theirs)
        await conn.execute(of_others.values(cancelled_by=alias))
        for table in _OWN:
            await conn.execute(delete(table).where(table.c.user_id == user_id))
        await conn.execute(delete(erasures).where(erasures.c.user_id == user_id))
        if live:
            await conn.execute(insert(erasures).values(user_id=user_id, asked_at=now))
        return Erased(ended, live)

    @override
    @on_connection
    async def unfinished(self, conn: AsyncConnection) -> list[int]:
        return list(await conn.scalars(select(erasures.c.user_id)))


async def _drop_log_lines(conn: AsyncConnection, user_id: int) -> None:
    """Take back what log channels are told of, or were; acts name people by their links."""
    ended = select(jobs.c.id).where(jobs.c.user_id == user_id, IS_ENDED)
    of_job, of_word = log_lines.c.line["job"].as_string(), log_lines.c.line["user"].as_string()
    is_theirs = or_(of_job.in_(ended), of_word == str(user_id))
    await conn.execute(delete(log_lines).where(is_theirs))
    await take_out(conn, user_id, posted_lines.c.job_id.in_(ended))


async def _erase_jobs(
    conn: AsyncConnection, user_id: int, alias: int, now: float
) -> tuple[JobId, ...]:
    """Empty the rows of what has ended; they keep no more than what the ledger has, too."""
    emptied = (
        update(jobs)
        .where(jobs.c.user_id == user_id, IS_ENDED)
        .values(
            user_id=alias,
            prompt=None,
            negative=None,
            options={},
            token="",
            message_id=None,
            inputs=[],
            outputs=[],
            results=[],
            reason=None,
            # Nobody is left to tell of an end, or to post a result for.
            told_at=func.coalesce(jobs.c.told_at, now),
            deleted_at=func.coalesce(jobs.c.deleted_at, now),
            posted_channel_id=None,
            posted_message_id=None,
        )
    )
    ids = (await conn.scalars(emptied.returning(jobs.c.id))).all()
    await conn.execute(delete(job_messages).where(job_messages.c.job_id.in_(ids)))
    return tuple(JobId(job_id) for job_id in ids)


async def _move_ledger(conn: AsyncConnection, user_id: int, alias: int) -> None:
    guilds = select(func.coalesce(ledger.c.guild_id, 0)).where(
        ledger.c.user_id.in_((user_id, alias))
    )
    is_theirs = and_(
        totals.c.user_id == user_id, or_(totals.c.guild_id == 0, totals.c.guild_id.in_(guilds))
    )
    kept = [totals.c[name] for name in _SUMS]
    rows = select(
        totals.c.guild_id, literal(alias, BigInteger).label("user_id"), totals.c.hour, *kept
    ).where(is_theirs)
    row = upsert(conn, totals).from_select(["guild_id", "user_id", "hour", *_SUMS], rows)
    added = {name: totals.c[name] + row.excluded[name] for name in _SUMS}
    await conn.execute(
        row.on_conflict_do_update(index_elements=["guild_id", "user_id", "hour"], set_=added)
    )
    await conn.execute(delete(totals).where(is_theirs))
    await conn.execute(update(ledger).where(ledger.c.user_id == user_id).values(user_id=alias))


async def _move_limits(conn: AsyncConnection, user_id: int, alias: int) -> None:
    """Let quotas, extra pictures and blocks go on under the alias, the newer of two alike."""
    await conn.execute(update(grants).where(grants.c.user_id == user_id).values(user_id=alias))
    for table, is_member, key in (
        (quota_rules, quota_rules.c.scope == Scope.MEMBER, ("guild_id", "period")),
        (blocks, blocks.c.kind == BlockKind.USER, ("guild_id",)),
    ):
        own = table.alias("own")
        newer = select(literal(1)).where(
            own.c.subject_id == user_id, *(own.c[name] == table.c[name] for name in key)
        )
        old = delete(table).where(is_member, table.c.subject_id == alias, newer.exists())
        await conn.execute(old)
        if table is blocks:
            await _revise_blocks_of(conn, user_id)
        moved = update(table).where(is_member, table.c.subject_id == user_id)
        await conn.execute(moved.values(subject_id=alias))


async def _revise_blocks_of(conn: AsyncConnection, user_id: int) -> None:
    """Let every process read the blocks anew that are about to stand under the alias."""
    theirs = select(blocks.c.guild_id).where(
        blocks.c.kind == BlockKind.USER, blocks.c.subject_id == user_id
    )
    for guild_id in (await conn.scalars(theirs)).all():
        await revise(conn, guild_id)
