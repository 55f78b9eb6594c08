"""The tables of members: what they set, reported and asked for, and their servers' presets."""

from sqlalchemy import JSON, BigInteger, Column, Double, Index, Integer, String, Table, Text, text

from storage.database.tables import metadata

IS_UNTOLD_REPORT = text("reports.told_at IS NULL")

# What a member set for every server, and what they were told once.
member_settings = Table(
    "member_settings",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)

# A server's own styles: words that are added to a prompt.
presets = Table(
    "presets",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(32), primary_key=True),
    Column("words", Text, nullable=False),
    Column("set_by", BigInteger, nullable=False),
    Column("set_at", Double, nullable=False),
)

# What moderators were told of by members, so that each is told of once; `picture` counts from 1,
# 0 stands for the job.
reports = Table(
    "reports",
    metadata,
    Column("job_id", String(13), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("picture", Integer, primary_key=True, autoincrement=False),
    Column("created_at", Double, nullable=False),
    # Null while nobody was told, and the message that it is about, if it is about one.
    Column("told_at", Double),
    Column("shown_channel_id", BigInteger),
    Column("shown_message_id", BigInteger),
    Index("reports_by_user", "user_id", "created_at"),
    Index(
        "reports_untold",
        "created_at",
        sqlite_where=IS_UNTOLD_REPORT,
        postgresql_where=IS_UNTOLD_REPORT,
    ),
)

# Further messages that a result was posted in, so that they go when it is deleted.
job_messages = Table(
    "job_messages",
    metadata,
    Column("job_id", String(13), primary_key=True),
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
)

# Requests that wait for their member's yes.
pending_requests = Table(
    "pending_requests",
    metadata,
    Column("id", String(13), primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("request", JSON, nullable=False),
    Column("expires_at", Double, nullable=False),
    Index("pending_requests_until", "expires_at"),
)
