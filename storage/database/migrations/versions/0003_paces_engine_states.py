"""Limits of requests per second over all processes; engines the account cannot use for now."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paces",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("next_at", sa.Double, nullable=False),
    )
    op.create_table(
        "engine_states",
        sa.Column("engine", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("since", sa.Double, nullable=False),
        sa.Column("until", sa.Double, nullable=False),
        sa.Column("told_at", sa.Double),
    )


def downgrade() -> None:
    op.drop_table("engine_states")
    op.drop_table("paces")
