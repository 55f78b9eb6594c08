"""A throw-away PostgreSQL cluster for the tests: one per test process, emptied for each test."""

import contextlib
import os
import random
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from storage.database.tables import metadata

NONE_FOUND = "no PostgreSQL: install the server (Debian: postgresql) or set TEST_DATABASE_URL"
_PORTS = (15_000, 32_767)  # below those of outgoing connections (Linux and macOS, defaults)
_INSTALLED = Path("/usr/lib/postgresql")
_OPTIONS = (
    "-c fsync=off -c full_page_writes=off -c max_connections=60 -c listen_addresses=127.0.0.1"
)


@contextmanager
def running_cluster() -> Iterator[str | None]:
    """Yield the URL of a server, without a database's name; None where there is no server."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.rpartition("/")[0]
        return
    pg_ctl = _find("pg_ctl")
    if pg_ctl is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="easel-pg-", ignore_cleanup_errors=True) as folder:
        yield from _serve(pg_ctl, Path(folder))


def _serve(pg_ctl: Path, folder: Path) -> Iterator[str]:
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    # The server refuses root, so each command runs as its own user.
    _run(pg_ctl.with_name("initdb"), "-D", data, "-U", "easel", "-A", "trust", "--no-sync")
    port = _free_port()
    options = f"{_OPTIONS} -p {port} -k {folder}"
    _run(pg_ctl, "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        yield f"postgresql://easel@127.0.0.1:{port}"
    finally:
        # Whoever cleaned up /tmp meanwhile has ended the server with it.
        if data.exists():
            _run(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")


async def create_database(server: str, name: str) -> str:
    """Make an empty database of that name; returns its URL."""
    await _ask(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await _ask(server, f'CREATE DATABASE "{name}"')
    return f"{server}/{name}"


async def drop_database(server: str, name: str) -> None:
    """Remove a database with whoever is still connected to it."""
    await _ask(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def empty(url: str) -> None:
    """Remove every row of a database.

    A TRUNCATE gives each table and index a new file: six times as long as to DELETE few rows.
    """
    # What refuses changes of the audit would refuse this, too.
    statements = ["SET session_replication_role = replica"]
    statements += [f"DELETE FROM {table}" for table in metadata.tables]  # noqa: S608 - our own words
    await _execute(url, "; ".join(statements))


async def _ask(server: str, statement: str) -> None:
    await _execute(f"{server}/postgres", statement)


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _find(program: str) -> Path | None:
    found = [*_INSTALLED.glob(f"*/bin/{program}")]
    if found:
        return max(found, key=lambda path: float(path.parts[-3]))
    on_path = shutil.which(program)
    return Path(on_path).resolve() if on_path else None


def _run(*command: object) -> None:
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(  # noqa: S603 - our own words, no shell
        [*as_user, *map(str, command)], check=True, cwd="/", stdout=subprocess.DEVNULL
    )


def _free_port() -> int:
    """Find a port that no system hands out by itself: it must stay free until the server binds."""
    while True:
        port = random.randint(*_PORTS)  # noqa: S311 - no secret
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
