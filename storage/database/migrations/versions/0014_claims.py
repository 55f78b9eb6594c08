"""Claims of jobs, reports that were not told yet, and the messages a result was posted in."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_IS_LIVE_CLAIM = sa.text(
    "jobs.claim IS NOT NULL AND jobs.state IN ('queued', 'running', 'delivering')"
)
_IS_UNTOLD = sa.text("reports.told_at IS NULL")
_OF_REPORTS = ("told_at", "shown_channel_id", "shown_message_id")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("claim", sa.Text))
    op.create_index(
        "jobs_live_claims",
        "jobs",
        ["user_id", "claim"],
        sqlite_where=_IS_LIVE_CLAIM,
        postgresql_where=_IS_LIVE_CLAIM,
    )
    op.add_column("reports", sa.Column("told_at", sa.Double))
    op.add_column("reports", sa.Column("shown_channel_id", sa.BigInteger))
    op.add_column("reports", sa.Column("shown_message_id", sa.BigInteger))
    # What could not be told was taken back until now.
    op.execute("UPDATE reports SET told_at = created_at")
    op.create_index(
        "reports_untold",
        "reports",
        ["created_at"],
        sqlite_where=_IS_UNTOLD,
        postgresql_where=_IS_UNTOLD,
    )
    op.create_table(
        "job_messages",
        sa.Column("job_id", sa.String(13), primary_key=True),
        sa.Column("channel_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
    )


def downgrade() -> None:
    op.drop_table("job_messages")
    op.drop_index("reports_untold", "reports")
    for name in _OF_REPORTS:
        op.drop_column("reports", name)
    op.drop_index("jobs_live_claims", "jobs")
    op.drop_column("jobs", "claim")
