"""Fingerprints of posted pictures, by which they are known again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_BANDS = 8


def upgrade() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("sha256", sa.LargeBinary(32), primary_key=True),
        sa.Column("job_id", sa.String(13), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("likeness", sa.LargeBinary(16), nullable=False),
        sa.Column("detail", sa.LargeBinary(64), nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("made_at", sa.Double, nullable=False),
        *(sa.Column(f"band_{band}", sa.Integer, nullable=False) for band in range(_BANDS)),
    )
    for band in range(_BANDS):
        op.create_index(f"fingerprints_band_{band}", "fingerprints", [f"band_{band}"])


def downgrade() -> None:
    op.drop_table("fingerprints")
