"""Keeps moderators' quota rules and grants, and says how much of an allowance is used."""

from sqlalchemy import case, delete, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.jobs.job import JobId
from bot.domain.quotas.allowances import Allowance, Counts, QuotaRequest
from bot.domain.quotas.quota import Grant, OpenGrant, Period, Policy, Rule, Scope
from bot.ports.accounts import QuotaStore
from storage.accounts import allowances
from storage.accounts.guild_settings import settings_of
from storage.database.tables import IS_GRANTED, grants, jobs, ledger, quota_rules
from storage.database.transactions import Store, in_transaction, lock_account, on_connection
from storage.database.upsert import upsert

_MOST = 100  # members; a message holds fewer
_RULE_KEY = ["guild_id", "scope", "subject_id", "period"]


class SqlQuotas(Store, QuotaStore):
    """`QuotaStore` on the tables `quota_rules` and `grants`."""

    @override
    @on_connection
    async def policy(self, conn: AsyncConnection, guild_id: int) -> Policy:
        """Return what a server's moderators set."""
        return Policy(await _rules(conn, guild_id), await settings_of(conn, guild_id))

    @override
    @in_transaction
    async def set_rule(
        self, conn: AsyncConnection, guild_id: int, rule: Rule, by: int, now: float
    ) -> None:
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

    @override
    @in_transaction
    async def clear_rules(
        self,
        conn: AsyncConnection,
        guild_id: int,
        scope: Scope,
        subject_id: int,
        period: Period | None,
    ) -> int:
        gone = delete(quota_rules).where(
            quota_rules.c.guild_id == guild_id,
            quota_rules.c.scope == scope,
            quota_rules.c.subject_id == subject_id,
        )
        if period is not None:
            gone = gone.where(quota_rules.c.period == period)
        return (await conn.execute(gone)).rowcount

    @override
    @in_transaction
    async def add_grant(
        self, conn: AsyncConnection, guild_id: int, grant: Grant, now: float
    ) -> int:
        images = grant.images
        if images < 0:
            # Under the mutex: a job accepted meanwhile could take the very pictures taken back.
            await lock_account(conn)
            ask = QuotaRequest(guild_id, grant.user_id, 0, 0.0)
            left = (await allowances.count(conn, ask, Allowance(), now)).granted
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
    columns = (quota_rules.c.scope, quota_rules.c.subject_id, quota_rules.c.period)
    kept = select(*columns, quota_rules.c.images).where(quota_rules.c.guild_id == guild_id)
    rows = await conn.execute(kept.order_by(*columns))
    return tuple(
        Rule(Scope(row.scope), row.subject_id, Period(row.period), row.images) for row in rows
    )
