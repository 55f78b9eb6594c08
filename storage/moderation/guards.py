"""What refuses every change of the audit: which triggers there have to be, and whether they are.

Migrations write them, too, as they were then; a test holds both together.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_REFUSED = "the audit is append-only"
_SQLITE: Mapping[str, str] = MappingProxyType(
    {
        "audit_no_update": f"BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
        "audit_no_delete": f"BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
        "audit_no_replace": (
            "BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "  # noqa: S608 - our own words
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        ),
    }
)
_REFUSE = "EXECUTE FUNCTION refuse_audit_change()"
_POSTGRESQL: Mapping[str, str] = MappingProxyType(
    {
        "audit_no_change": f"BEFORE UPDATE OR DELETE ON audit FOR EACH ROW {_REFUSE}",
        "audit_no_truncate": f"BEFORE TRUNCATE ON audit FOR EACH STATEMENT {_REFUSE}",
    }
)
_BODY = f" BEGIN RAISE EXCEPTION '{_REFUSED}'; END "

_ON_SQLITE = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
# Off (D), or on for copies alone (R), a trigger refuses nothing.
_ON_POSTGRESQL = text(
    "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
    "WHERE tgrelid = to_regclass('audit') AND tgenabled IN ('O', 'A') AND prosrc = :body"
)


async def missing(conn: AsyncConnection) -> list[str]:
    """Return the names of triggers that are not there, are off, or do something else."""
    if conn.dialect.name == "sqlite":
        there = {(row.name, row.sql) for row in await conn.execute(_ON_SQLITE)}
        return [name for name, rule in _SQLITE.items() if (name, _made(name, rule)) not in there]
    known = set(await conn.scalars(_ON_POSTGRESQL, {"body": _BODY}))
    return [name for name in _POSTGRESQL if name not in known]


async def put_back(conn: AsyncConnection) -> list[str]:
    """Make what is missing, and return its names."""
    names = await missing(conn)
    if not names:
        return []
    is_sqlite = conn.dialect.name == "sqlite"
    if not is_sqlite:
        head = "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql"
        await conn.execute(text(f"{head} AS $${_BODY}$$"))
    on_audit = "" if is_sqlite else " ON audit"
    rules = _SQLITE if is_sqlite else _POSTGRESQL
    for name in names:
        await conn.execute(text(f"DROP TRIGGER IF EXISTS {name}{on_audit}"))
        await conn.execute(text(_made(name, rules[name])))
    return names


def _made(name: str, rule: str) -> str:
    return f"CREATE TRIGGER {name} {rule}"
