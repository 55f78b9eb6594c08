"""What counts against budgets for pictures of unknown price; of older ones that is nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = ("ledger", "totals")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(
            table, sa.Column("assumed_usd", sa.Double, nullable=False, server_default="0")
        )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "assumed_usd")
