"""Keeps moderators' quota rules and grants, and says how much of an allowance is used."""

from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import JobId
from bot.domain.moderation.acts import Act, ActKind
from bot.domain.quotas.allowances import Allowance, Counts, QuotaRequest
from bot.domain.quotas.quota import Grant, OpenGrant, Period, Policy, Rule, Scope
from bot.ports.accounts import QuotaStore
from storage.accounts import allowances
from storage.accounts.guild_pauses import pause_of
from storage.accounts.guild_settings import settings_of
from storage.database.tables import IS_GRANTED, grants, jobs, ledger, quota_rules
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.database.upsert import upsert
from storage.moderation import audit

_MOST = 100  # members; a message holds fewer
_RULE_KEY = ["guild_id", "scope", "subject_id", "period"]
_RULE_COLUMNS = tuple(quota_rules.c[name] for name in ("scope", "subject_id", "period", "images"))


class SqlQuotas(Store, QuotaStore):
    """`QuotaStore` on the tables `quota_rules` and `grants`."""

    @override
    @on_connection
    async def policy(self, conn: AsyncConnection, guild_id: int) -> Policy:
        """Return what a server's moderators set."""
        rules, settings = await _rules(conn, guild_id), await settings_of(conn, guild_id)
        return Policy(rules, settings, await pause_of(conn, guild_id))

    @override
    @in_transaction
    async def set_rule(
        self, conn: AsyncConnection, guild_id: int, rule: Rule, by: int, now: float
    ) -> None:
        # Under the mutex, so that two moderators at once each have before what the other set.
        await lock_account(conn)
        is_it = _is_rule_of(guild_id, (rule.scope, rule.subject_id), rule.period)
        before = await conn.scalar(select(quota_rules.c.images).where(is_it))
        row = upsert(conn, quota_rules).values(
            guild_id=guild_id,
            scope=rule.scope,
            subject_id=rule.subject_id,
            period=rule.period,
            images=rule.images,
            set_by=by,
            set_at=now,
        )
        new = {name: row.excluded[name] for name in ("images", "set_by", "set_at")}
        await conn.execute(row.on_conflict_do_update(index_elements=_RULE_KEY, set_=new))
        act = _act_on(rule, Act(guild_id, by, ActKind.QUOTA_SET, now))
        await audit.write(conn, replace(act, before=_text(before), after=_text(rule.images)))

    @override
    @in_transaction
    async def clear_rules(
        self,
        conn: AsyncConnection,
        guild_id: int,
        subject: tuple[Scope, int],
        period: Period | None,
        *,
        by: int,
        now: float,
    ) -> int:
        gone = delete(quota_rules).where(_is_rule_of(guild_id, subject, period))
        cleared = _rules_in(await conn.execute(gone.returning(*_RULE_COLUMNS)))
        for rule in cleared:
            act = _act_on(rule, Act(guild_id, by, ActKind.QUOTA_CLEARED, now))
            await audit.write(conn, replace(act, before=_text(rule.images)))
        return len(cleared)

    @override
    @in_transaction
    async def add_grant(
        self,
        conn: AsyncConnection,
        guild_id: int,
        grant: Grant,
        now: float,
        *,
        alias: int | None = None,
    ) -> int:
        images = grant.images
        if images < 0:
            # Under the mutex: a job accepted meanwhile could take the very pictures taken back.
            await lock_account(conn)
            ask = QuotaRequest(guild_id, grant.user_id, 0, 0.0)
            left = (await allowances.count(conn, ask, Allowance(alias=alias), now)).granted
            images = max(images, -left)
        if images:
            row = insert(grants).values(
                guild_id=guild_id,
                user_id=grant.user_id,
                images=images,
                reason=grant.reason,
                granted_by=grant.granted_by,
                granted_at=now,
            )
            await conn.execute(row)
            await audit.write(conn, _act_of(grant, images, guild_id, now))
        return images

    @override
    @on_connection
    async def open_grants(self, conn: AsyncConnection, guild_id: int) -> tuple[OpenGrant, ...]:
        given = (
            select(
                grants.c.user_id,
                func.sum(grants.c.images).label("images"),
                func.max(case((grants.c.images > 0, grants.c.id))).label("latest"),
            )
            .where(grants.c.guild_id == guild_id)
            .group_by(grants.c.user_id)
            .subquery()
        )
        taken = (
            select(ledger.c.user_id, func.sum(ledger.c.from_grant).label("images"))
            .where(ledger.c.guild_id == guild_id, IS_GRANTED)
            .group_by(ledger.c.user_id)
            .subquery()
        )
        left = given.c.images - func.coalesce(taken.c.images, 0)
        look = (
            select(grants.c.user_id, left.label("left"), grants.c.reason, grants.c.granted_by)
            .join(given, given.c.latest == grants.c.id)
            .outerjoin(taken, taken.c.user_id == grants.c.user_id)
            .where(left > 0)
            .order_by(grants.c.id.desc())
            .limit(_MOST)
        )
        return tuple(
            OpenGrant(row.user_id, int(row.left), row.reason, row.granted_by)
            for row in await conn.execute(look)
        )

    @override
    @on_connection
    async def count(
        self, conn: AsyncConnection, ask: QuotaRequest, allowance: Allowance, now: float
    ) -> Counts:
        return await allowances.count(conn, ask, allowance, now)

    @override
    @on_connection
    async def count_before(
        self,
        conn: AsyncConnection,
        job_id: JobId,
        ask: QuotaRequest,
        allowance: Allowance,
        now: float,
    ) -> Counts | None:
        if await conn.scalar(select(exists().where(jobs.c.id == job_id))):
            return None
        return await allowances.count(conn, ask, allowance, now)


async def _rules(conn: AsyncConnection, guild_id: int) -> tuple[Rule, ...]:
    kept = select(*_RULE_COLUMNS).where(quota_rules.c.guild_id == guild_id)
    return _rules_in(await conn.execute(kept.order_by(*_RULE_COLUMNS[:3])))


def _rules_in(rows: CursorResult[Any]) -> tuple[Rule, ...]:
    return tuple(
        Rule(Scope(row.scope), row.subject_id, Period(row.period), row.images) for row in rows
    )


def _is_rule_of(
    guild_id: int, subject: tuple[Scope, int], period: Period | None
) -> ColumnElement[bool]:
    scope, subject_id = subject
    is_theirs = and_(
        quota_rules.c.guild_id == guild_id,
        quota_rules.c.scope == scope,
        quota_rules.c.subject_id == subject_id,
    )
    return is_theirs if period is None else and_(is_theirs, quota_rules.c.period == period)


def _act_on(rule: Rule, act: Act) -> Act:
    """Return what was done to a rule: whose it is, and its period."""
    if rule.scope is Scope.MEMBER:
        return replace(act, member=rule.subject_id, target=f"{rule.scope}:{rule.period}")
    if rule.scope is Scope.ROLE:
        return replace(act, target=f"{rule.scope}:{rule.subject_id}:{rule.period}")
    return replace(act, target=f"{rule.scope}:{rule.period}")


def _act_of(grant: Grant, images: int, guild_id: int, now: float) -> Act:
    """Return what a grant comes to: pictures given, or taken back."""
    return Act(
        guild_id,
        grant.granted_by,
        ActKind.QUOTA_GRANTED,
        now,
        member=grant.user_id,
        after=_text(images),
        reason=grant.reason,
    )


def _text(images: int | None) -> str | None:
    return None if images is None else str(images)
