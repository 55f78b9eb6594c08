"""Why a job ended without a picture."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("cause", sa.String(24)))


def downgrade() -> None:
    op.drop_column("jobs", "cause")
