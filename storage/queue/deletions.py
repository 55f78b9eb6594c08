"""Notes which results were deleted and where copies stand; forgets the names of pictures."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import JobId, JobState
from bot.domain.moderation.acts import ActKind
from bot.ports.queue import JobDeletions
from storage.database.tables import IS_ENDED, jobs
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.database.upsert import upsert
from storage.members.tables import job_messages
from storage.moderation.job_acts import write_for_others_job
from storage.moderation.posted_lines import show_anew
from storage.moderation.tables import posted_lines

_HAS_RESULT = jobs.c.state.in_([JobState.DELIVERING, JobState.DONE, JobState.UNKNOWN])


class SqlDeletions(Store, JobDeletions):
    """`JobDeletions` on SQLite and PostgreSQL."""

    @override
    @in_transaction
    async def mark_deleted(self, conn: AsyncConnection, job_id: JobId, by: int, now: float) -> bool:
        is_new = (jobs.c.id == job_id, jobs.c.deleted_at.is_(None), _HAS_RESULT)
        marked = await conn.execute(update(jobs).where(*is_new).values(deleted_at=now))
        if marked.rowcount:
            await show_anew(conn, posted_lines.c.job_id == job_id)
            await write_for_others_job(conn, job_id, ActKind.RESULT_DELETED, by=by, now=now)
        return marked.rowcount == 1

    @override
    @in_transaction
    async def note_copy(
        self, conn: AsyncConnection, job_id: JobId, channel_id: int, message_id: int
    ) -> None:
        row = {"job_id": job_id, "channel_id": channel_id, "message_id": message_id}
        await conn.execute(upsert(conn, job_messages).values(row).on_conflict_do_nothing())

    @override
    @on_connection
    async def copies(self, conn: AsyncConnection, job_id: JobId) -> list[tuple[int, int]]:
        places = select(job_messages.c.channel_id, job_messages.c.message_id)
        found = await conn.execute(places.where(job_messages.c.job_id == job_id))
        return [(channel_id, message_id) for channel_id, message_id in found]

    @override
    @in_transaction
    async def forget_deleted(self, conn: AsyncConnection, job_id: JobId) -> None:
        is_gone = (jobs.c.id == job_id, jobs.c.deleted_at.is_not(None), IS_ENDED)
        await lock_account(conn)
        await conn.execute(update(jobs).where(*is_gone).values(inputs=[], outputs=[], results=[]))
