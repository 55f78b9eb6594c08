"""Why jobs ended, as what its sentence is made of; the sentences of older rows stay as they are."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OF_TEXT = {
    "sqlite": (
        "json_object('kind', 'ToldEarlier', 'facts', json_object('text', error_text))",
        "json_extract(reason, '$.facts.text')",
    ),
    "postgresql": (
        "json_build_object('kind', 'ToldEarlier', 'facts', json_build_object('text', error_text))",
        "reason -> 'facts' ->> 'text'",
    ),
}


def upgrade() -> None:
    kept, _ = _OF_TEXT[op.get_bind().dialect.name]
    op.add_column("jobs", sa.Column("reason", sa.JSON))
    op.execute(f"UPDATE jobs SET reason = {kept} WHERE error_text IS NOT NULL")
    op.drop_column("jobs", "error_text")
    op.drop_column("approvals", "reason")  # the job's own says it


def downgrade() -> None:
    """Give back the sentences that were kept as such; the others have none in the older schema."""
    _, text = _OF_TEXT[op.get_bind().dialect.name]
    op.add_column("approvals", sa.Column("reason", sa.Text))
    op.add_column("jobs", sa.Column("error_text", sa.Text))
    op.execute(f"UPDATE jobs SET error_text = {text} WHERE reason IS NOT NULL")
    op.drop_column("jobs", "reason")
