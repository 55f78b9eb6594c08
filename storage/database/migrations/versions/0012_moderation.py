"""Moderators' acts, blocks, words, approvals, lines for log channels, and held jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NEW = ("audit", "people", "blocks", "words", "approvals", "log_lines", "departed_guilds")
_REFUSED = "the audit is append-only"
# Without the last one, INSERT OR REPLACE would delete the row before any trigger is asked.
_ON_SQLITE = {
    "audit_no_update": f"BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    "audit_no_delete": f"BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    "audit_no_replace": (
        "BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    ),
}


def upgrade() -> None:
    op.add_column("jobs", sa.Column("held_for", sa.String(10)))
    op.add_column("jobs", sa.Column("wait_left_s", sa.Double))
    op.create_table(
        "people",
        sa.Column("key", sa.String(22), primary_key=True),
        sa.Column("user_id", sa.BigInteger, nullable=False),
    )
    op.create_index("people_by_user", "people", ["user_id"], unique=True)
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("actor", sa.String(22), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("member", sa.String(22)),
        sa.Column("target", sa.Text),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.Column("reason", sa.Text),
    )
    op.create_index("audit_by_guild", "audit", ["guild_id", "id"])
    op.create_table(
        "blocks",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("subject_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("until", sa.Double),
        sa.Column("set_by", sa.BigInteger, nullable=False),
        sa.Column("set_at", sa.Double, nullable=False),
    )
    op.create_table(
        "words",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("word", sa.String(100), primary_key=True),
        sa.Column("set_by", sa.BigInteger, nullable=False),
        sa.Column("set_at", sa.Double, nullable=False),
    )
    op.create_table(
        "approvals",
        sa.Column("job_id", sa.String(13), primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("asked_at", sa.Double, nullable=False),
        sa.Column("channel_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("decided_at", sa.Double),
        sa.Column("decided_by", sa.BigInteger),
        sa.Column("is_approved", sa.Boolean),
        sa.Column("reason", sa.Text),
    )
    op.create_table(
        "log_lines",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("line", sa.JSON, nullable=False),
    )
    op.create_index("log_lines_by_guild", "log_lines", ["guild_id", "id"])
    op.create_table(
        "departed_guilds",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("left_at", sa.Double, nullable=False),
    )
    _refuse_changes()


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, rule in _ON_SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {rule}")
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    )
    refuse = "EXECUTE FUNCTION refuse_audit_change()"
    op.execute(
        f"CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW {refuse}"
    )
    op.execute(
        f"CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT {refuse}"
    )


def downgrade() -> None:
    for name in _NEW:
        op.drop_table(name)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_audit_change()")
    for name in ("held_for", "wait_left_s"):
        op.drop_column("jobs", name)
