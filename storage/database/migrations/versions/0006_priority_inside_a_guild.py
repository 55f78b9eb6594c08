"""A priority counts inside its guild: guilds have one lane each, members one for each priority."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CLAIMABLE = "state = 'queued' AND ready_at = 0 AND held_at IS NULL"
_ONE_LANE_EACH = """
    INSERT INTO lanes (pool, lane, user_id, priority, vtime)
    SELECT pool, lane, 0, 0, MAX(vtime) FROM lanes WHERE user_id = 0 GROUP BY pool, lane
    ON CONFLICT DO NOTHING
"""
_SINCE_ANY = f"""
    UPDATE lanes SET since = (
        SELECT MIN(jobs.created_at) FROM jobs
        WHERE {_CLAIMABLE} AND jobs.pool = lanes.pool AND jobs.lane = lanes.lane
    )
    WHERE user_id = 0
"""  # noqa: S608 - our own words
_A_LANE_FOR_EACH_PRIORITY = f"""
    INSERT INTO lanes (pool, lane, user_id, priority, vtime, since)
    SELECT lanes.pool, lanes.lane, 0, jobs.priority, lanes.vtime,
        MIN(CASE WHEN {_CLAIMABLE} THEN jobs.created_at END)
    FROM lanes JOIN jobs ON jobs.pool = lanes.pool AND jobs.lane = lanes.lane
    WHERE lanes.user_id = 0 AND lanes.priority = 0 AND jobs.state IN ('queued', 'running')
    GROUP BY lanes.pool, lanes.lane, jobs.priority, lanes.vtime
    ON CONFLICT (pool, lane, user_id, priority) DO UPDATE SET since = excluded.since
"""  # noqa: S608 - our own words


def upgrade() -> None:
    _drop_indexes()
    op.execute(_ONE_LANE_EACH)
    op.execute("DELETE FROM lanes WHERE user_id = 0 AND priority <> 0")
    op.execute(_SINCE_ANY)
    _create_indexes(
        guilds=["pool", "vtime", "since"],
        members=["pool", "lane", sa.text("priority DESC"), "vtime", "since"],
        first=["pool", "lane", "created_at"],
    )


def downgrade() -> None:
    _drop_indexes()
    op.execute("UPDATE lanes SET since = NULL WHERE user_id = 0")
    op.execute(_A_LANE_FOR_EACH_PRIORITY)
    _create_indexes(
        guilds=["pool", sa.text("priority DESC"), "vtime", "since"],
        members=["pool", "priority", "lane", "vtime", "since"],
        first=["pool", "priority", "lane", "created_at"],
    )


def _drop_indexes() -> None:
    op.drop_index("lanes_of_guilds", "lanes")
    op.drop_index("lanes_of_members", "lanes")
    op.drop_index("jobs_first_in_lane", "jobs")


def _create_indexes(*, guilds: list[Any], members: list[Any], first: list[Any]) -> None:
    waiting = "since IS NOT NULL"
    _create_index("lanes_of_guilds", "lanes", guilds, f"user_id = 0 AND {waiting}")
    _create_index("lanes_of_members", "lanes", members, f"user_id <> 0 AND {waiting}")
    _create_index("jobs_first_in_lane", "jobs", first, _CLAIMABLE)


def _create_index(name: str, table: str, columns: list[Any], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
