"""The queue, its lanes, the ledger, blobs and settings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_jobs()
    _create_job_indexes()
    _create_ledger()
    op.create_table(
        "lanes",
        sa.Column("pool", sa.String(64), primary_key=True),
        sa.Column("lane", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("vtime", sa.Double, nullable=False),
    )
    op.create_table(
        "blob_chunks",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in ("settings", "blob_chunks", "lanes", "ledger", "jobs"):
        op.drop_table(table)


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(13), primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("command", sa.String(32), nullable=False),
        sa.Column("engine", sa.String(64), nullable=False),
        sa.Column("pool", sa.String(64), nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("lane", sa.BigInteger, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("images", sa.Integer, nullable=False),
        sa.Column("price_usd", sa.Double, nullable=False),
        sa.Column("is_resumable", sa.Boolean, nullable=False),
        sa.Column("prompt", sa.Text),
        sa.Column("negative", sa.Text),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("reply", sa.JSON, nullable=False),
        sa.Column("inputs", sa.JSON, nullable=False),
        sa.Column("outputs", sa.JSON, nullable=False),
        sa.Column("results", sa.JSON, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("ready_at", sa.Double, nullable=False),
        sa.Column("held_at", sa.Double),
        sa.Column("deadline_at", sa.Double),
        sa.Column("started_at", sa.Double),
        sa.Column("sent_at", sa.Double),
        sa.Column("drawn_at", sa.Double),
        sa.Column("finished_at", sa.Double),
        sa.Column("told_at", sa.Double),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("deliveries", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(64)),
        sa.Column("lease_until", sa.Double),
        sa.Column("remote_task", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("error_code", sa.Text),
        sa.Column("error_text", sa.Text),
    )


def _create_job_indexes() -> None:
    claimable = "jobs.state = 'queued' AND jobs.ready_at = 0 AND jobs.held_at IS NULL"
    queued = "jobs.state = 'queued'"
    order = ("pool", "priority", "lane")
    for name, condition, columns in (
        ("jobs_claimable", claimable, (*order, "user_id", "created_at", "id")),
        ("jobs_first_in_lane", claimable, (*order, "created_at")),
        ("jobs_queued_by_user", queued, ("user_id",)),
        ("jobs_queued_until", queued, ("deadline_at",)),
        ("jobs_running", "jobs.state = 'running'", ("pool", "lane", "user_id")),
        ("jobs_in_order", "jobs.state IN ('queued', 'running')", ("pool", "created_at", "id")),
        (
            "jobs_untold",
            "jobs.told_at IS NULL AND jobs.state NOT IN ('queued', 'running')",
            ("created_at",),
        ),
        ("jobs_paused", "jobs.ready_at > 0", ("ready_at",)),
        ("jobs_leased", "jobs.worker IS NOT NULL", ("worker",)),
        ("jobs_drawn", "jobs.drawn_at IS NOT NULL", ("engine", "drawn_at")),
    ):
        where = sa.text(condition.replace("jobs.", ""))
        op.create_index(
            name, "jobs", list(columns), sqlite_where=where, postgresql_where=where
        )


def _create_ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("job_id", sa.String(13), primary_key=True),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("command", sa.String(32), nullable=False),
        sa.Column("engine", sa.String(64), nullable=False),
        sa.Column("pool", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reserved", sa.Integer, nullable=False),
        sa.Column("images", sa.Integer, nullable=False),
        sa.Column("cost_usd", sa.Double, nullable=False),
        sa.Column("refunded", sa.Boolean, nullable=False),
        sa.Column("error_code", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("started_at", sa.Double),
        sa.Column("finished_at", sa.Double),
    )
    op.create_index("ledger_by_time", "ledger", ["created_at"])
    op.create_index("ledger_by_guild", "ledger", ["guild_id", "created_at"])
    op.create_index("ledger_by_user", "ledger", ["user_id", "created_at"])
