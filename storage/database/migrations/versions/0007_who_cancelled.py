"""A cancelled job knows who cancelled it; of older ones it reads as their owner."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("cancelled_by", sa.BigInteger))


def downgrade() -> None:
    op.drop_column("jobs", "cancelled_by")
