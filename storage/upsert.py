"""Gives the one statement whose construct differs by database: INSERT … ON CONFLICT."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def upsert(conn: AsyncConnection, table: Table) -> postgresql.Insert:
    """Return an insert that knows ON CONFLICT in the connection's dialect.

    Both dialects' constructs have the same methods, so PostgreSQL's type speaks for both.
    """
    if conn.dialect.name == "postgresql":
        return postgresql.insert(table)
    construct: postgresql.Insert = sqlite.insert(table)  # type: ignore[assignment]
    return construct
