"""The queue as the services and the worker know it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import Job, JobId
from bot.ports.queue import JobReading, JobRequests
from storage.database.tables import IS_DRAWN, jobs
from storage.database.transactions import Store, on_connection
from storage.queue.claims import SqlClaims
from storage.queue.deliveries import SqlDeliveries
from storage.queue.leases import SqlLeases
from storage.queue.line import SqlLine
from storage.queue.progress import SqlProgress
from storage.queue.requests import SqlRequests
from storage.queue.rows import job_of


class SqlReading(Store, JobRequests, JobReading):
    """What `JobRequests` and `JobReading` read of jobs."""

    @override
    @on_connection
    async def find(self, conn: AsyncConnection, job_id: JobId) -> Job | None:
        row = (await conn.execute(select(jobs).where(jobs.c.id == job_id))).one_or_none()
        return job_of(row) if row else None

    @override
    @on_connection
    async def of_member(self, conn: AsyncConnection, user_id: int, limit: int) -> list[Job]:
        theirs = select(jobs).where(jobs.c.user_id == user_id)
        latest = theirs.order_by(jobs.c.created_at.desc(), jobs.c.id.desc()).limit(limit)
        return [job_of(row) for row in await conn.execute(latest)]

    @override
    @on_connection
    async def recent_seconds(self, conn: AsyncConnection, engine: str, limit: int) -> list[float]:
        took = select(jobs.c.drawn_at - jobs.c.started_at).where(jobs.c.engine == engine, IS_DRAWN)
        return list(await conn.scalars(took.order_by(jobs.c.drawn_at.desc()).limit(limit)))


class SqlJobs(SqlRequests, SqlClaims, SqlLeases, SqlProgress, SqlDeliveries, SqlLine, SqlReading):
    """Every side of the queue: what is asked of it, claimed, held, delivered and read."""
