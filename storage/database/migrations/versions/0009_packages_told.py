"""The operator is told once that a package is nearly used up, and once that it expires."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS = ("told_low", "told_expiring")


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column("packages", sa.Column(name, sa.Integer))


def downgrade() -> None:
    for name in _COLUMNS:
        op.drop_column("packages", name)
