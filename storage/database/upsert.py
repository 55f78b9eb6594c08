"""Gives the one statement whose construct differs by database: INSERT … ON CONFLICT."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def upsert(conn: AsyncConnection, table: Table) -> postgresql.Insert:
    """Return an insert that knows ON CONFLICT in the connection's dialect."""
    return upsert_on(conn.dialect.name, table)


def upsert_on(dialect: str, table: Table) -> postgresql.Insert:
    """Return an insert that knows ON CONFLICT, by the dialect's name: for statements made once.

    Both dialects' constructs have the same methods, so PostgreSQL's type speaks for both.
    """
    if dialect == "postgresql":
        return postgresql.insert(table)
    construct: postgresql.Insert = sqlite.insert(table)  # type: ignore[assignment]
    return construct
