"""Writes down what moderators do to a job, and that one is done, with its transaction."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs.job import JobId
from bot.domain.moderation.acts import Act, ActKind
from storage.database.tables import jobs
from storage.moderation import audit, log_lines


async def write_for_job(
    conn: AsyncConnection,
    job_id: JobId,
    kind: ActKind,
    *,
    by: int,
    now: float,
    reason: str | None = None,
) -> None:
    """Write down that a moderator did this to a job; one of direct messages has no moderators."""
    of_job = select(jobs.c.guild_id, jobs.c.user_id).where(jobs.c.id == job_id)
    job = (await conn.execute(of_job)).one()
    if job.guild_id is None:
        return
    act = Act(job.guild_id, by, kind, now, member=job.user_id, target=job_id, reason=reason)
    await audit.write(conn, act)


async def write_for_others_job(
    conn: AsyncConnection, job_id: JobId, kind: ActKind, *, by: int, now: float
) -> None:
    """Do so unless it is one's own job: what members do with theirs is no moderators' act."""
    asker = await conn.scalar(select(jobs.c.user_id).where(jobs.c.id == job_id))
    if asker != by:
        await write_for_job(conn, job_id, kind, by=by, now=now)


async def note_result(conn: AsyncConnection, job_id: JobId, now: float) -> None:
    """Note a result for the server's log channel; one of direct messages has none."""
    guild_id = await conn.scalar(select(jobs.c.guild_id).where(jobs.c.id == job_id))
    if guild_id is not None:
        await log_lines.note(conn, guild_id, now, {"job": job_id})
