"""Lines that log channels have been told, so that what is deleted or erased goes from them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_IS_STALE = sa.text("posted_lines.changes > 0")
_INDEXED = ("message_id", "job_id", "user_id", "act", "at")


def upgrade() -> None:
    op.create_table(
        "posted_lines",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("job_id", sa.String(13)),
        sa.Column("act", sa.Integer),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("word", sa.Text),
        sa.Column("changes", sa.Integer, nullable=False),
    )
    for column in _INDEXED:
        op.create_index(f"posted_lines_by_{column}", "posted_lines", [column])
    op.create_index(
        "posted_lines_stale",
        "posted_lines",
        ["id"],
        sqlite_where=_IS_STALE,
        postgresql_where=_IS_STALE,
    )


def downgrade() -> None:
    op.drop_table("posted_lines")
