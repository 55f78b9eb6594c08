"""Counts the ledger's pictures by engine, for a comparison with the cloud's own count."""

from collections.abc import Sequence

from sqlalchemy import case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs.job import JobState
from bot.domain.quotas.reconciling import Tally
from storage.accounts.ledger import its_job
from storage.database.tables import jobs, ledger

_MADE = (JobState.DONE, JobState.CANCELLED)
_UNSURE = (JobState.UNKNOWN, JobState.REFUSED)
_AT_WORK = (JobState.RUNNING, JobState.DELIVERING)


async def tallies(conn: AsyncConnection, pools: Sequence[str], since: float) -> list[Tally]:
    """Return what these pools' jobs that ended or may have been at work from a time on made.

    A job that was accepted before that time and ended after it is unsure, whatever its end.
    """
    state = case((ledger.c.finished_at.is_(None), its_job(jobs.c.state)), else_=ledger.c.state)
    is_whole = ledger.c.created_at >= since
    certain = case((state.in_(_MADE) & is_whole, ledger.c.images), else_=literal(0))
    is_unsure = state.in_((*_UNSURE, *_AT_WORK)) | (state.in_(_MADE) & ~is_whole)
    unsure = case((is_unsure, ledger.c.reserved), else_=literal(0))
    counted = (
        select(
            ledger.c.engine,
            func.sum(certain).label("certain"),
            func.sum(unsure).label("unsure"),
            func.sum(ledger.c.cost_usd).label("cost_usd"),
        )
        .where(
            ledger.c.pool.in_(pools),
            (ledger.c.finished_at >= since) | ledger.c.finished_at.is_(None),
        )
        .group_by(ledger.c.engine)
    )
    rows = (await conn.execute(counted)).all()
    found = [Tally(row.engine, int(row.certain), int(row.unsure), row.cost_usd) for row in rows]
    return [tally for tally in found if tally.certain or tally.unsure]
