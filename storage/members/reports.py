"""Keeps what moderators were told of by members."""

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.members.reports import Noted, Report
from bot.ports.members import ReportStore
from storage.database.transactions import Store, in_transaction, lock_account
from storage.members.tables import reports

_WHOLE_RESULT = 0


class SqlReports(Store, ReportStore):
    """`ReportStore` on the table `reports`."""

    @override
    @in_transaction
    async def note(
        self, conn: AsyncConnection, report: Report, now: float, *, since: float, most: int
    ) -> Noted:
        # Under the mutex: of presses at once each would else be the first.
        await lock_account(conn)
        if await _count(conn, *_is(report)):
            return Noted.KNOWN
        is_recent = (reports.c.user_id == report.user_id, reports.c.created_at >= since)
        if await _count(conn, *is_recent) >= most:
            return Noted.TOO_MANY
        row = {"job_id": report.job_id, "kind": report.kind, "user_id": report.user_id}
        await conn.execute(insert(reports).values(**row, picture=_WHOLE_RESULT, created_at=now))
        return Noted.NEW

    @override
    @in_transaction
    async def forget(self, conn: AsyncConnection, report: Report) -> None:
        await conn.execute(delete(reports).where(*_is(report)))


def _is(report: Report) -> tuple[ColumnElement[bool], ...]:
    return (
        reports.c.job_id == report.job_id,
        reports.c.kind == report.kind,
        reports.c.user_id == report.user_id,
    )


async def _count(conn: AsyncConnection, *conditions: ColumnElement[bool]) -> int:
    return await conn.scalar(select(func.count()).select_from(reports).where(*conditions)) or 0
