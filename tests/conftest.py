"""What every folder of tests shares: a migrated SQLite file to copy, and plain tracebacks."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from storage import migrate_storage


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest schema: a copy of it spares a test the migrations."""
    file = tmp_path_factory.mktemp("template") / "easel.db"
    asyncio.run(migrate_storage(f"sqlite:///{file}"))
    return file


@pytest.fixture(autouse=True, scope="session")
def _plain_tracebacks() -> Iterator[None]:
    """Structlog's own default draws each in a frame with every local, which takes a second."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    yield
    structlog.reset_defaults()
