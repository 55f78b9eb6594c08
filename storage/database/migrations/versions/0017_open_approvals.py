"""What is asked of moderators and not decided is found without reading all that ever was."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("approvals.decided_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "approvals_open",
        "approvals",
        ["asked_at"],
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )


def downgrade() -> None:
    op.drop_index("approvals_open", "approvals")
