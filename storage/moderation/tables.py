"""The tables of moderation: who did what, who and what is shut out, what waits for a yes."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from storage.database.tables import metadata

# The only link from an act to a person: erasing somebody deletes theirs.
people = Table(
    "people",
    metadata,
    Column("key", String(22), primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Index("people_by_user", "user_id", unique=True),
)

# Triggers refuse every change of a row, so nobody can edit what was done.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
    Column("actor", String(22), nullable=False),
    Column("act", String(32), nullable=False),
    Column("member", String(22)),
    Column("target", Text),
    Column("before", Text),
    Column("after", Text),
    Column("reason", Text),
    Index("audit_by_guild", "guild_id", "id"),
)

# `kind` is "user" or "role"; without `until` a block has no end.
blocks = Table(
    "blocks",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(8), primary_key=True),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("until", Double),
    Column("set_by", BigInteger, nullable=False),
    Column("set_at", Double, nullable=False),
)

# What no prompt in a server may hold, as its moderators wrote it.
words = Table(
    "words",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("word", String(100), primary_key=True),
    Column("set_by", BigInteger, nullable=False),
    Column("set_at", Double, nullable=False),
)

IS_UNDECIDED = text("approvals.decided_at IS NULL")
# Jobs that wait, or waited, for a moderator's yes: where it was asked for, and what was said.
approvals = Table(
    "approvals",
    metadata,
    Column("job_id", String(13), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("asked_at", Double, nullable=False),
    Column("channel_id", BigInteger),
    Column("message_id", BigInteger),
    Column("decided_at", Double),
    Column("decided_by", BigInteger),
    Column("is_approved", Boolean),
    Index(
        "approvals_open",
        "asked_at",
        sqlite_where=IS_UNDECIDED,
        postgresql_where=IS_UNDECIDED,
    ),
)

# Lines for log channels that are not posted yet.
log_lines = Table(
    "log_lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
    Column("line", JSON, nullable=False),
    Index("log_lines_by_guild", "guild_id", "id"),
)

IS_STALE = text("posted_lines.changes > 0")
# Lines that log channels have been told: of a job, of an act, or of a word and whose it was; how
# often that has changed since its message was last shown.
posted_lines = Table(
    "posted_lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
    Column("job_id", String(13)),
    Column("act", Integer),
    Column("user_id", BigInteger),
    Column("word", Text),
    Column("changes", Integer, nullable=False),
    Index("posted_lines_by_message_id", "message_id"),
    Index("posted_lines_by_job_id", "job_id"),
    Index("posted_lines_by_user_id", "user_id"),
    Index("posted_lines_by_act", "act"),
    Index("posted_lines_by_at", "at"),
    Index("posted_lines_stale", "id", sqlite_where=IS_STALE, postgresql_where=IS_STALE),
)

# Servers that the bot was removed from, whose settings are kept for a while.
departed_guilds = Table(
    "departed_guilds",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", Double, nullable=False),
)

# Who asked to be erased while a job of theirs was alive: erased once more when it has ended.
erasures = Table(
    "erasures",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("asked_at", Double, nullable=False),
)
