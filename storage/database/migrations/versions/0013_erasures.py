"""Erasures that wait for the end of a job."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("asked_at", sa.Double, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("erasures")
