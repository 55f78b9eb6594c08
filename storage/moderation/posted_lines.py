"""What log channels have been told of, which is shown anew once less is to be told."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.moderation.tables import audit, people, posted_lines


async def show_anew(conn: AsyncConnection, are_meant: ColumnElement[bool], **values: Any) -> None:
    """Let messages be edited whose lines tell of something that has changed."""
    changed = (
        update(posted_lines).where(are_meant).values(changes=posted_lines.c.changes + 1, **values)
    )
    await conn.execute(changed)


async def take_out(conn: AsyncConnection, user_id: int, are_of_jobs: ColumnElement[bool]) -> None:
    """Take a person out of what was told; to be called while their links are there."""
    await show_anew(conn, are_of_jobs, job_id=None)
    await show_anew(conn, posted_lines.c.user_id == user_id, user_id=None, word=None)
    own = select(people.c.key).where(people.c.user_id == user_id).scalar_subquery()
    of_theirs = select(audit.c.id).where(or_(audit.c.actor == own, audit.c.member == own))
    await show_anew(conn, posted_lines.c.act.in_(of_theirs))
