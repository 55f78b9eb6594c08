"""Lanes know who waits since when; running totals of the ledger; refusals have an index."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COSTS = ["created_at", "finished_at", "reserved", "price_usd", "cost_usd"]
_CLAIMABLE = "state = 'queued' AND ready_at = 0 AND held_at IS NULL"
# A row for every guild and member of a live job: only known lanes are charged and refreshed.
_KEEP_LANES = f"""
    INSERT INTO lanes (pool, lane, user_id, priority, vtime, since)
    SELECT alive.pool, alive.lane, alive.of_user, alive.priority,
        COALESCE((SELECT vtime FROM old_lanes WHERE old_lanes.pool = alive.pool
            AND old_lanes.lane = alive.lane AND old_lanes.user_id = alive.of_user), 0),
        MIN(CASE WHEN {_CLAIMABLE} THEN alive.created_at END)
    FROM (
        SELECT jobs.*, 0 AS of_user FROM jobs WHERE state IN ('queued', 'running')
        UNION ALL
        SELECT jobs.*, user_id AS of_user FROM jobs WHERE state IN ('queued', 'running')
    ) AS alive
    GROUP BY alive.pool, alive.lane, alive.of_user, alive.priority
"""
_KEEP_OTHER_LANES = """
    INSERT INTO lanes (pool, lane, user_id, priority, vtime)
    SELECT pool, lane, user_id, 0, vtime FROM old_lanes WHERE NOT EXISTS (
        SELECT 1 FROM lanes WHERE lanes.pool = old_lanes.pool
            AND lanes.lane = old_lanes.lane AND lanes.user_id = old_lanes.user_id
    )
"""
_ADD_UP = """
    INSERT INTO totals (guild_id, user_id, hour, images, from_grant, usd)
    SELECT {guild}, {user}, {hour}, SUM(images), SUM(from_grant),
        SUM(CASE WHEN finished_at IS NULL THEN reserved * price_usd ELSE cost_usd END)
    FROM ledger WHERE {condition} GROUP BY 1, 2, 3
"""


def upgrade() -> None:
    _make_lanes()
    _make_totals()
    op.drop_index("ledger_costs", "ledger")
    where = sa.text("state = 'refused'")
    op.create_index(
        "ledger_refused",
        "ledger",
        ["user_id", "finished_at"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_index("ledger_refused", "ledger")
    op.create_index("ledger_costs", "ledger", _COSTS)
    op.drop_table("totals")
    kept = sa.text("SELECT DISTINCT pool, lane, user_id, vtime FROM lanes")
    rows = [dict(row) for row in op.get_bind().execute(kept).mappings()]
    op.drop_table("lanes")
    op.bulk_insert(_create_lanes("lanes"), rows)


def _create_lanes(name: str, *more: sa.Column[int]) -> sa.Table:
    return op.create_table(
        name,
        sa.Column("pool", sa.String(64), primary_key=True),
        sa.Column("lane", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        *more,
        sa.Column("vtime", sa.Double, nullable=False),
    )


def _make_lanes() -> None:
    kept = sa.text("SELECT pool, lane, user_id, vtime FROM lanes")
    rows = [dict(row) for row in op.get_bind().execute(kept).mappings()]
    op.drop_table("lanes")
    op.bulk_insert(_create_lanes("old_lanes"), rows)
    priority = sa.Column("priority", sa.Integer, primary_key=True, autoincrement=False)
    _create_lanes("lanes", priority)
    op.add_column("lanes", sa.Column("since", sa.Double))
    op.execute(_KEEP_LANES)
    op.execute(_KEEP_OTHER_LANES)
    op.drop_table("old_lanes")
    indexes: tuple[tuple[str, str, list[str | sa.TextClause]], ...] = (
        ("lanes_of_guilds", "user_id = 0", ["pool", sa.text("priority DESC"), "vtime", "since"]),
        ("lanes_of_members", "user_id <> 0", ["pool", "priority", "lane", "vtime", "since"]),
    )
    for name, condition, columns in indexes:
        where = sa.text(f"{condition} AND since IS NOT NULL")
        op.create_index(name, "lanes", columns, sqlite_where=where, postgresql_where=where)


def _make_totals() -> None:
    op.create_table(
        "totals",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hour", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("images", sa.Integer, nullable=False),
        sa.Column("from_grant", sa.Integer, nullable=False),
        sa.Column("usd", sa.Double, nullable=False),
    )
    # A cast rounds on PostgreSQL; not every SQLite has FLOOR.
    hours = (
        "FLOOR(created_at / 3600)"
        if op.get_bind().dialect.name == "postgresql"
        else "created_at / 3600"
    )
    hour = f"CAST({hours} AS INTEGER)"
    in_guild = "guild_id IS NOT NULL"
    for guild, user, condition in (
        ("0", "0", "1 = 1"),
        ("0", "user_id", "1 = 1"),
        ("guild_id", "0", in_guild),
        ("guild_id", "user_id", in_guild),
    ):
        op.execute(_ADD_UP.format(guild=guild, user=user, hour=hour, condition=condition))
