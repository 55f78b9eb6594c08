"""Keeps what moderators set: quota rules, grants, budgets, the time zone, the log channel."""

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.jobs.job import JobId
from bot.domain.quotas.allowances import Allowance, Ask, Bound, Counts, take
from bot.domain.quotas.quota import Grant, OpenGrant, Period, Policy, Rule, Scope
from storage.accounts import allowances, granted, warnings
from storage.database.tables import guild_settings, jobs, quota_rules
from storage.database.upsert import upsert
from storage.database.whole import whole

_RULE_KEY = ["guild_id", "scope", "subject_id", "period"]


class SqlQuotas:
    """`QuotaStore` on the tables `quota_rules`, `grants` and `guild_settings`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @whole
    async def policy(self, guild_id: int) -> Policy:
        """Return what a server's moderators set."""
        async with self._engine.connect() as conn:
            rules = await _rules(conn, guild_id)
            kept = select(guild_settings.c.key, guild_settings.c.value)
            rows = await conn.execute(kept.where(guild_settings.c.guild_id == guild_id))
            values: dict[str, str] = {row.key: row.value for row in rows}
        images, usd = values.get("budget_images"), values.get("budget_usd")
        log_channel = values.get("log_channel")
        return Policy(
            rules=rules,
            timezone=values.get("timezone", "UTC"),
            budget_images=None if images is None else int(images),
            budget_usd=None if usd is None else float(usd),
            log_channel_id=None if log_channel is None else int(log_channel),
        )

    @whole
    async def set_rule(self, guild_id: int, rule: Rule, by: int, now: float) -> None:
        """Set a rule; one of the same scope, subject and period is replaced."""
        async with self._engine.begin() as conn:
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

    @whole
    async def clear_rules(
        self, guild_id: int, scope: Scope, subject_id: int, period: Period | None
    ) -> int:
        """Delete a subject's rules, of one period or of all; returns how many there were."""
        gone = delete(quota_rules).where(
            quota_rules.c.guild_id == guild_id,
            quota_rules.c.scope == scope,
            quota_rules.c.subject_id == subject_id,
        )
        if period is not None:
            gone = gone.where(quota_rules.c.period == period)
        async with self._engine.begin() as conn:
            return (await conn.execute(gone)).rowcount

    @whole
    async def add_grant(self, guild_id: int, grant: Grant, now: float) -> int:
        """Give extra pictures, or take back no more than are left; returns how many it came to."""
        async with self._engine.begin() as conn:
            return await granted.add(conn, guild_id, grant, now)

    @whole
    async def open_grants(self, guild_id: int) -> tuple[OpenGrant, ...]:
        """Return who has granted pictures left, the latest given first; at most a hundred."""
        async with self._engine.connect() as conn:
            return await granted.still_open(conn, guild_id)

    @whole
    async def keep_setting(self, guild_id: int, key: str, value: str | None) -> None:
        """Set one of a server's settings; None removes it."""
        is_it = (guild_settings.c.guild_id == guild_id, guild_settings.c.key == key)
        async with self._engine.begin() as conn:
            if value is None:
                await conn.execute(delete(guild_settings).where(*is_it))
                return
            row = upsert(conn, guild_settings).values(guild_id=guild_id, key=key, value=value)
            new = {"value": row.excluded.value}
            await conn.execute(
                row.on_conflict_do_update(index_elements=["guild_id", "key"], set_=new)
            )

    @whole
    async def unwarn(self, guild_id: int | None, *bounds: Bound) -> None:
        """Forget that budgets were warned of: the next request that comes near an end warns."""
        async with self._engine.begin() as conn:
            for bound in bounds:
                await warnings.forget(conn, guild_id, bound)

    @whole
    async def unwarn_server(self, guild_id: int) -> None:
        """Forget that a server's own budgets were warned of, whichever they were."""
        async with self._engine.begin() as conn:
            await warnings.forget_server(conn, guild_id)

    @whole
    async def count(self, ask: Ask, allowance: Allowance, now: float) -> Counts:
        """Count what is used of an allowance, without a lock: for a look."""
        async with self._engine.connect() as conn:
            return await allowances.count(conn, ask, allowance, now)

    @whole
    async def check(self, job_id: JobId, ask: Ask, allowance: Allowance, now: float) -> None:
        """Look, before any work, whether an ask would hold; a job that exists always does.

        Raises QuotaSpent or SubmittingPaused.
        """
        async with self._engine.connect() as conn:
            if await conn.scalar(select(exists().where(jobs.c.id == job_id))):
                return
            counts = await allowances.count(conn, ask, allowance, now)
        take(ask, allowance, counts, now)


async def _rules(conn: AsyncConnection, guild_id: int) -> tuple[Rule, ...]:
    columns = (quota_rules.c.scope, quota_rules.c.subject_id, quota_rules.c.period)
    kept = select(*columns, quota_rules.c.images).where(quota_rules.c.guild_id == guild_id)
    rows = await conn.execute(kept.order_by(*columns))
    return tuple(
        Rule(Scope(row.scope), row.subject_id, Period(row.period), row.images) for row in rows
    )
