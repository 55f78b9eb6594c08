"""What a picture was made from, deleted results, members' settings, presets, reports, requests."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NEW = ("member_settings", "presets", "reports", "pending_requests")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("parent_id", sa.String(13)))
    op.add_column("jobs", sa.Column("is_modified", sa.Boolean))
    op.add_column("jobs", sa.Column("deleted_at", sa.Double))
    op.create_table(
        "member_settings",
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "presets",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("set_by", sa.BigInteger, nullable=False),
        sa.Column("set_at", sa.Double, nullable=False),
    )
    op.create_table(
        "reports",
        sa.Column("job_id", sa.String(13), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("picture", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("created_at", sa.Double, nullable=False),
    )
    op.create_index("reports_by_user", "reports", ["user_id", "created_at"])
    op.create_table(
        "pending_requests",
        sa.Column("id", sa.String(13), primary_key=True),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
    )
    op.create_index("pending_requests_until", "pending_requests", ["expires_at"])


def downgrade() -> None:
    for name in _NEW:
        op.drop_table(name)
    for name in ("parent_id", "is_modified", "deleted_at"):
        op.drop_column("jobs", name)
