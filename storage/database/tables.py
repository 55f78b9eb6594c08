"""The tables and their indexes: the queue, its lanes, the ledger, blobs and small settings."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()

# Partial indexes are only used where a query repeats their condition word for word, so each
# condition is written once, here, without bound parameters.
IS_CLAIMABLE = text("jobs.state = 'queued' AND jobs.ready_at = 0 AND jobs.held_at IS NULL")
IS_QUEUED = text("jobs.state = 'queued'")
IS_RUNNING = text("jobs.state = 'running'")
IS_WAITING_OR_RUNNING = text("jobs.state IN ('queued', 'running')")
IS_UNTOLD = text("jobs.told_at IS NULL AND jobs.state NOT IN ('queued', 'running')")
IS_DELAYED = text("jobs.ready_at > 0")
IS_LEASED = text("jobs.worker IS NOT NULL")
IS_DRAWN = text("jobs.drawn_at IS NOT NULL")
IS_ENDED = text("jobs.finished_at IS NOT NULL")
IS_OCCUPYING = text("jobs.slot_until IS NOT NULL")
IS_LIVE_CLAIM = text("jobs.claim IS NOT NULL AND jobs.state IN ('queued', 'running', 'delivering')")
HAS_TOKEN = text("jobs.token <> ''")
IS_GRANTED = text("ledger.from_grant > 0")
IS_REFUSED = text("ledger.state = 'refused'")

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(13), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("command", String(32), nullable=False),
    Column("engine", String(64), nullable=False),
    Column("pool", String(64), nullable=False),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    # Whose turn it is: the guild, or in direct messages the channel, which is as unique.
    Column("lane", BigInteger, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("images", Integer, nullable=False),
    Column("price_usd", Double, nullable=False),
    Column("is_resumable", Boolean, nullable=False),
    # Words of the member have their own columns, because they are pruned before the row is.
    Column("prompt", Text),
    Column("negative", Text),
    Column("options", JSON, nullable=False),
    Column("message_id", BigInteger),
    Column("token", Text, nullable=False),
    Column("reply", JSON, nullable=False),
    Column("inputs", JSON, nullable=False),
    Column("outputs", JSON, nullable=False),
    Column("results", JSON, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("ready_at", Double, nullable=False, default=0.0),
    Column("held_at", Double),
    Column("deadline_at", Double),
    Column("started_at", Double),
    Column("sent_at", Double),
    Column("drawn_at", Double),
    Column("finished_at", Double),
    Column("told_at", Double),
    Column("attempt", Integer, nullable=False, default=0),
    Column("deliveries", Integer, nullable=False, default=0),
    Column("worker", String(64)),
    Column("lease_until", Double),
    Column("remote_task", Text),
    Column("request_id", Text),
    Column("error_code", Text),
    Column("cancel_at", Double),
    # Null where nobody cancelled, and in older rows: then it was the asker.
    Column("cancelled_by", BigInteger),
    Column("posted_channel_id", BigInteger),
    Column("posted_message_id", BigInteger),
    # Server faults so far; `attempt` counts every claim, also those the API was too busy for.
    Column("faults", Integer, nullable=False, server_default="0"),
    # Until then a call of a dead process may still hold its slot at the API.
    Column("slot_until", Double),
    # The job whose kept picture this one works on.
    Column("parent_id", String(13)),
    # Whether a picture of a person's own went into it, however long ago; null in older rows.
    Column("is_modified", Boolean),
    Column("deleted_at", Double),
    # Why it ended without a picture, which decides what its message offers; null in older rows.
    Column("cause", String(24)),
    # What is said of it: which sentence, and the numbers and words in it.
    Column("reason", JSON(none_as_null=True)),
    # "moderator" or "approval" while `held_at` is set, and what is left of its wait meanwhile.
    Column("held_for", String(10)),
    Column("wait_left_s", Double),
    # The wish that its member may have at work once: parent, kind of follow-up, picture.
    Column("claim", Text),
)


def _partial(name: str, condition: object, *columns: str) -> Index:
    return Index(
        name,
        *(jobs.c[column] for column in columns),
        sqlite_where=condition,
        postgresql_where=condition,
    )


_partial("jobs_claimable", IS_CLAIMABLE, "pool", "priority", "lane", "user_id", "created_at", "id")
_partial("jobs_first_in_lane", IS_CLAIMABLE, "pool", "lane", "created_at")
_partial("jobs_queued_by_user", IS_QUEUED, "user_id")
_partial("jobs_queued_until", IS_QUEUED, "deadline_at")
_partial("jobs_running", IS_RUNNING, "pool", "lane", "user_id")
_partial("jobs_in_order", IS_WAITING_OR_RUNNING, "pool", "created_at", "id")
_partial("jobs_untold", IS_UNTOLD, "created_at")
_partial("jobs_paused", IS_DELAYED, "ready_at")
_partial("jobs_leased", IS_LEASED, "worker")
Index("jobs_by_user", jobs.c.user_id, jobs.c.created_at)
_partial("jobs_drawn", IS_DRAWN, "engine", "drawn_at")
_partial("jobs_ended", IS_ENDED, "finished_at")
_partial("jobs_occupying", IS_OCCUPYING, "pool", "slot_until")
_partial("jobs_live_claims", IS_LIVE_CLAIM, "user_id", "claim")
_partial("jobs_with_token", HAS_TOKEN, "created_at")

# Virtual time of start-time fair queueing, and whose turn may come. (pool, 0, 0) is the pool's
# clock, (pool, lane, 0) a guild, (pool, lane, user) a member in a guild; ("", 0, 0) is the
# account's mutex. A member has a row for each priority of jobs so far, all with the same `vtime`,
# everybody else one of priority 0; `since` is when the oldest claimable job was created (of a
# member's: of that priority), null without any.
lanes = Table(
    "lanes",
    metadata,
    Column("pool", String(64), primary_key=True),
    Column("lane", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("priority", Integer, primary_key=True, autoincrement=False),
    Column("vtime", Double, nullable=False),
    Column("since", Double),
)
_IS_WAITING_GUILD = text("user_id = 0 AND since IS NOT NULL")
_IS_WAITING_MEMBER = text("user_id <> 0 AND since IS NOT NULL")
# Both in the order in which lanes take turns, so that a claim reads the first few rows.
Index(
    "lanes_of_guilds",
    lanes.c.pool,
    lanes.c.vtime,
    lanes.c.since,
    sqlite_where=_IS_WAITING_GUILD,
    postgresql_where=_IS_WAITING_GUILD,
)
Index(
    "lanes_of_members",
    lanes.c.pool,
    lanes.c.lane,
    lanes.c.priority.desc(),
    lanes.c.vtime,
    lanes.c.since,
    sqlite_where=_IS_WAITING_MEMBER,
    postgresql_where=_IS_WAITING_MEMBER,
)

# `images` is what counts against quotas: the reservation while the job lives, then what was used.
ledger = Table(
    "ledger",
    metadata,
    Column("job_id", String(13), primary_key=True),
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("command", String(32), nullable=False),
    Column("engine", String(64), nullable=False),
    Column("pool", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("reserved", Integer, nullable=False),
    Column("images", Integer, nullable=False),
    Column("cost_usd", Double, nullable=False),
    Column("refunded", Boolean, nullable=False),
    Column("error_code", Text),
    Column("request_id", Text),
    Column("created_at", Double, nullable=False),
    Column("started_at", Double),
    Column("finished_at", Double),
    Column("price_usd", Double, nullable=False, server_default="0"),
    Column("from_grant", Integer, nullable=False, server_default="0"),
    # Pictures that a package of the cloud account had paid for, and which one.
    Column("prepaid", Integer, nullable=False, server_default="0"),
    Column("package", String(100)),
    # What counts against budgets beside `cost_usd`, for pictures whose price nobody knows: of all
    # that is reserved while the job lives, then of what was made and no package paid for.
    Column("assumed_usd", Double, nullable=False, server_default="0"),
    Index("ledger_by_time", "created_at"),
    Index("ledger_by_guild", "guild_id", "created_at"),
    Index("ledger_by_user", "user_id", "created_at"),
    Index(
        "ledger_refused",
        "user_id",
        "finished_at",
        sqlite_where=IS_REFUSED,
        postgresql_where=IS_REFUSED,
    ),
    Index(
        "ledger_granted",
        "guild_id",
        "user_id",
        sqlite_where=IS_GRANTED,
        postgresql_where=IS_GRANTED,
    ),
)

# Running totals of the ledger, by the hour (of unix time) that its rows were created in: of the
# account (0, 0), a guild (guild, 0), a member (0, user), and a member in a guild (guild, user).
totals = Table(
    "totals",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("images", Integer, nullable=False),
    Column("from_grant", Integer, nullable=False),
    # What live rows reserve and closed ones cost; budgets count what is assumed on top of it.
    Column("usd", Double, nullable=False),
    Column("assumed_usd", Double, nullable=False, server_default="0"),
)

# A moderator's rule; `subject_id` is the role or the member, 0 for everyone.
quota_rules = Table(
    "quota_rules",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("scope", String(8), primary_key=True),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("period", String(8), primary_key=True),
    Column("images", Integer, nullable=False),
    Column("set_by", BigInteger, nullable=False),
    Column("set_at", Double, nullable=False),
)

grants = Table(
    "grants",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("images", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("granted_by", BigInteger, nullable=False),
    Column("granted_at", Double, nullable=False),
    Index("grants_by_user", "guild_id", "user_id"),
)

# Prepaid pictures of the account; one that is gone from the operator's list has `images` 0.
packages = Table(
    "packages",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("pool", String(64), nullable=False),
    Column("images", Integer, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("used", Integer, nullable=False),
    # `images` of which the operator was told that they come to their end; more are told of anew.
    Column("told_low", Integer),
    Column("told_expiring", Integer),
)

guild_settings = Table(
    "guild_settings",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)

blob_chunks = Table(
    "blob_chunks",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

settings = Table(
    "settings",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)
