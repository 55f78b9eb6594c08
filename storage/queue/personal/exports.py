"""Reads all that is kept of a person, over every table, without tokens and leases."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, ColumnElement, Text, and_, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import Job
from bot.domain.quotas.quota import Scope
from bot.ports.personal.data import PersonalData
from bot.ports.personal.data import Table as Rows
from storage.database.tables import grants, jobs, ledger, quota_rules
from storage.database.transactions import Store, on_connection
from storage.members.tables import member_settings, pending_requests, reports
from storage.moderation.tables import approvals, audit, blocks, people
from storage.queue.rows import job_of

_HAS_PICTURES = or_(cast(jobs.c.inputs, Text) != "[]", cast(jobs.c.outputs, Text) != "[]")
# A token acts for its member, a lease is the machine's own affair.
_UNSAID = frozenset(
    {"token", "reply", "worker", "lease_until", "slot_until", "lane", "remote_task"}
)
# Who gave, blocked or decided is somebody else's, and so is nobody's business here.
_OF_OTHERS = frozenset({"set_by", "granted_by", "decided_by", "cancelled_by"})


class SqlExports(Store, PersonalData):
    """The reading of `PersonalData`."""

    @override
    @on_connection
    async def everything(self, conn: AsyncConnection, user_id: int) -> dict[str, Rows]:
        return {
            subject: await _rows(conn, columns, condition(user_id))
            for subject, (columns, condition) in _SUBJECTS.items()
        } | {"acts_of_moderators": await _acts(conn, user_id)}

    @override
    @on_connection
    async def with_pictures(self, conn: AsyncConnection, user_id: int) -> list[Job]:
        is_it = and_(jobs.c.user_id == user_id, _HAS_PICTURES, jobs.c.deleted_at.is_(None))
        found = select(jobs).where(is_it).order_by(jobs.c.created_at, jobs.c.id)
        return [job_of(row) for row in await conn.execute(found)]


def _columns(table: Any) -> tuple[Column[Any], ...]:
    hidden = _UNSAID | _OF_OTHERS
    return tuple(column for column in table.columns if column.name not in hidden)


_SUBJECTS: Mapping[str, Any] = MappingProxyType(
    {
        "jobs": (_columns(jobs), lambda who: jobs.c.user_id == who),
        "ledger": (_columns(ledger), lambda who: ledger.c.user_id == who),
        "approvals": (
            _columns(approvals),
            lambda who: approvals.c.job_id.in_(select(jobs.c.id).where(jobs.c.user_id == who)),
        ),
        "settings": (_columns(member_settings), lambda who: member_settings.c.user_id == who),
        "requests_that_wait_for_a_yes": (
            _columns(pending_requests),
            lambda who: pending_requests.c.user_id == who,
        ),
        "reports": (_columns(reports), lambda who: reports.c.user_id == who),
        "quotas": (
            _columns(quota_rules),
            lambda who: and_(quota_rules.c.scope == Scope.MEMBER, quota_rules.c.subject_id == who),
        ),
        "extra_pictures": (_columns(grants), lambda who: grants.c.user_id == who),
        "blocks": (
            _columns(blocks),
            lambda who: and_(blocks.c.kind == "user", blocks.c.subject_id == who),
        ),
    }
)


async def _rows(
    conn: AsyncConnection, columns: Sequence[Column[Any]], condition: ColumnElement[bool]
) -> Rows:
    rows = await conn.execute(select(*columns).where(condition))
    return [dict(row) for row in rows.mappings()]


async def _acts(conn: AsyncConnection, user_id: int) -> Rows:
    """Return what a person did as a moderator, and what moderators did about them."""
    own = select(people.c.key).where(people.c.user_id == user_id).scalar_subquery()
    shown = ("guild_id", "at", "act", "target", "before", "after", "reason")
    found = select(
        *(audit.c[name] for name in shown), (audit.c.actor == own).label("is_own_act")
    ).where(or_(audit.c.actor == own, audit.c.member == own))
    rows = await conn.execute(found.order_by(audit.c.id))
    return [dict(row) for row in rows.mappings()]
