"""Keeps what moderators were told of by members."""

from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import JobId
from bot.domain.members.reports import Noted, Report, ReportKind, Untold
from bot.ports.members import ReportStore
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.members.tables import IS_UNTOLD_REPORT, reports


class SqlReports(Store, ReportStore):
    """`ReportStore` on the table `reports`."""

    @override
    @in_transaction
    async def note(
        self,
        conn: AsyncConnection,
        report: Report,
        now: float,
        *,
        since: float,
        most: int,
        shown: tuple[int, int] | None = None,
    ) -> Noted:
        # Under the mutex: of presses at once each would else be the first.
        await lock_account(conn)
        is_told = (*_is_about(report), reports.c.told_at.is_not(None))
        if await _count(conn, *_is(report)) or await _count(conn, *is_told):
            return Noted.KNOWN
        is_recent = (reports.c.user_id == report.user_id, reports.c.created_at >= since)
        if await _count(conn, *is_recent) >= most:
            return Noted.TOO_MANY
        channel_id, message_id = shown or (None, None)
        row = {
            "job_id": report.job_id,
            "kind": report.kind,
            "user_id": report.user_id,
            "picture": report.picture,
            "created_at": now,
            "shown_channel_id": channel_id,
            "shown_message_id": message_id,
        }
        await conn.execute(insert(reports).values(row))
        return Noted.NEW

    @override
    @in_transaction
    async def told(self, conn: AsyncConnection, report: Report, now: float) -> None:
        await conn.execute(update(reports).where(*_is(report)).values(told_at=now))

    @override
    @on_connection
    async def untold(self, conn: AsyncConnection, before: float) -> list[Untold]:
        is_it = (IS_UNTOLD_REPORT, reports.c.created_at < before)
        found = select(reports).where(*is_it).order_by(reports.c.created_at)
        return [_untold_of(row) for row in await conn.execute(found)]

    @override
    @in_transaction
    async def forget(self, conn: AsyncConnection, report: Report) -> None:
        await conn.execute(delete(reports).where(*_is(report)))


def _untold_of(row: Row[Any]) -> Untold:
    kind = ReportKind(row.kind)
    report = Report(JobId(row.job_id), kind, row.user_id, row.picture)
    is_about_message = row.shown_channel_id is not None
    shown = (row.shown_channel_id, row.shown_message_id) if is_about_message else None
    return Untold(report, shown, row.created_at)


def _is(report: Report) -> tuple[ColumnElement[bool], ...]:
    return (*_is_about(report), reports.c.user_id == report.user_id)


def _is_about(report: Report) -> tuple[ColumnElement[bool], ...]:
    return (
        reports.c.job_id == report.job_id,
        reports.c.kind == report.kind,
        reports.c.picture == report.picture,
    )


async def _count(conn: AsyncConnection, *conditions: ColumnElement[bool]) -> int:
    return await conn.scalar(select(func.count()).select_from(reports).where(*conditions)) or 0
