"""Quotas, grants and budgets; cancels; where a result stands when it is a new message."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PARTIAL = (
    ("jobs_ended", "finished_at IS NOT NULL", "finished_at"),
    ("jobs_occupying", "slot_until IS NOT NULL", "pool", "slot_until"),
    ("jobs_with_token", "token <> ''", "created_at"),
)
_COSTS = ["created_at", "finished_at", "reserved", "price_usd", "cost_usd"]


def upgrade() -> None:
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("cancel_at", sa.Double))
        jobs.add_column(sa.Column("posted_channel_id", sa.BigInteger))
        jobs.add_column(sa.Column("posted_message_id", sa.BigInteger))
        jobs.add_column(sa.Column("faults", sa.Integer, nullable=False, server_default="0"))
        jobs.add_column(sa.Column("slot_until", sa.Double))
    for name, condition, *columns in _PARTIAL:
        where = sa.text(condition)
        op.create_index(name, "jobs", columns, sqlite_where=where, postgresql_where=where)
    op.create_index("jobs_by_user", "jobs", ["user_id", "created_at"])
    with op.batch_alter_table("ledger") as ledger:
        ledger.add_column(sa.Column("price_usd", sa.Double, nullable=False, server_default="0"))
        ledger.add_column(sa.Column("from_grant", sa.Integer, nullable=False, server_default="0"))
        ledger.add_column(sa.Column("prepaid", sa.Integer, nullable=False, server_default="0"))
        ledger.add_column(sa.Column("package", sa.String(100)))
    op.create_index("ledger_costs", "ledger", _COSTS)
    is_granted = sa.text("from_grant > 0")
    op.create_index(
        "ledger_granted",
        "ledger",
        ["guild_id", "user_id"],
        sqlite_where=is_granted,
        postgresql_where=is_granted,
    )
    op.create_table(
        "packages",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("pool", sa.String(64), nullable=False),
        sa.Column("images", sa.Integer, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
    )
    op.create_table(
        "quota_rules",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("scope", sa.String(8), primary_key=True),
        sa.Column("subject_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("period", sa.String(8), primary_key=True),
        sa.Column("images", sa.Integer, nullable=False),
        sa.Column("set_by", sa.BigInteger, nullable=False),
        sa.Column("set_at", sa.Double, nullable=False),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("images", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("granted_by", sa.BigInteger, nullable=False),
        sa.Column("granted_at", sa.Double, nullable=False),
    )
    op.create_index("grants_by_user", "grants", ["guild_id", "user_id"])
    op.create_table(
        "guild_settings",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_index("jobs_by_user", "jobs")
    for name, *_ in _PARTIAL:
        op.drop_index(name, "jobs")
    op.drop_index("ledger_granted", "ledger")
    op.drop_index("ledger_costs", "ledger")
    op.drop_table("packages")
    op.drop_table("guild_settings")
    op.drop_table("grants")
    op.drop_table("quota_rules")
    with op.batch_alter_table("ledger") as ledger:
        for name in ("package", "prepaid", "from_grant", "price_usd"):
            ledger.drop_column(name)
    with op.batch_alter_table("jobs") as jobs:
        for name in ("slot_until", "faults", "posted_message_id", "posted_channel_id", "cancel_at"):
            jobs.drop_column(name)
