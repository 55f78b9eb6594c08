"""A suspended engine knows the address that its fault was met at."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("engine_states", sa.Column("address", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("engine_states", "address")
