"""Gives each test of the suite an empty storage, once on SQLite and once on PostgreSQL."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage import Storage, migrate_storage, open_storage
from tests.contract.postgres import (
    NONE_FOUND,
    create_database,
    drop_database,
    empty,
    running_cluster,
)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with running_cluster() as url:
        if url is None:
            pytest.skip(NONE_FOUND)
        yield url


@pytest.fixture(scope="session")
def postgres_url(server: str, worker_id: str) -> Iterator[str]:
    name = f"easel_test_{worker_id}"  # a given server may be that of several test processes
    url = asyncio.run(create_database(server, name))
    asyncio.run(migrate_storage(url))
    yield url
    with contextlib.suppress(ConnectionRefusedError):  # the server of the session may be gone
        asyncio.run(drop_database(server, name))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'easel.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database at the newest schema."""
    if request.param == "sqlite":
        found: str = request.getfixturevalue("sqlite_url")
        return found
    found = request.getfixturevalue("postgres_url")
    asyncio.run(empty(found))
    return found


@pytest.fixture
async def storage(url: str, tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_storage(url, tmp_path) as opened:
        yield opened
