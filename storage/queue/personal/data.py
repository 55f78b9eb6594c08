"""All that is asked of one person's data."""

from storage.queue.personal.erasures import SqlErasures
from storage.queue.personal.exports import SqlExports


class SqlPersonalData(SqlErasures, SqlExports):
    """`PersonalData` on SQLite and PostgreSQL."""
