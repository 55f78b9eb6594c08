"""What every folder of tests shares: a migrated SQLite file, plain tracebacks, strict warnings."""

import asyncio
import gc
import os
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import certifi
import hypothesis
import pytest
import structlog
from sqlalchemy import ClauseElement, Compiled, Dialect

from storage import migrate_storage
from tests.sandbox.discord.openapi import DOCUMENT


def pytest_configure() -> None:
    """Judge no property by the time it takes: a busy machine is no fault of what is tested."""
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("easel", deadline=None, suppress_health_check=slow)
    hypothesis.settings.load_profile("easel")


def pytest_xdist_auto_num_workers() -> int:
    """Start one process more than there are cores: scenes wait a third of their time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Leave the modules and thousands of tests out of collections: a fifth of a scene's time."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not DOCUMENT.exists():
        terminalreporter.write_line(f"nothing was held against Discord's OpenAPI: no {DOCUMENT}")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the seed of an earlier round of chaos, to play the same dice again; write snapshots.

    `--machine-rounds`: how many sequences of events the queue goes through on each database.
    """
    parser.addoption("--update-snapshots", action="store_true")
    parser.addoption("--chaos-seed", type=int, default=None)
    parser.addoption("--machine-rounds", type=int, default=8)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest schema: a copy of it spares a test the migrations."""
    file = tmp_path_factory.mktemp("template") / "easel.db"
    asyncio.run(migrate_storage(f"sqlite:///{file}"))
    return file


@pytest.fixture(autouse=True, scope="session")
def _one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Spare each HTTP client the 30 ms to read every authority of the web: none is met here."""
    first, end, _ = Path(certifi.where()).read_text("utf-8").partition("-----END CERTIFICATE-----")
    file = tmp_path_factory.mktemp("certificates") / "one.pem"
    file.write_text(f"{first}{end}\n", "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SSL_CERT_FILE", str(file))
        yield


@pytest.fixture(autouse=True, scope="session")
def _statements_compiled_once() -> Iterator[None]:
    """Spare each test's engine to compile what an earlier one's did: a third of a scene's time."""
    compile_: Callable[..., Compiled] = ClauseElement._compiler  # noqa: SLF001 - no public one
    compiled: dict[Any, Compiled] = {}

    def once(self: ClauseElement, dialect: Dialect, **options: Any) -> Compiled:
        if options.get("cache_key") is None or options.get("schema_translate_map"):
            return compile_(self, dialect, **options)
        columns, of_many = tuple(options["column_keys"]), options["for_executemany"]
        key = (type(dialect), options["cache_key"].key, columns, of_many)
        if key not in compiled:
            compiled[key] = compile_(self, dialect, **options)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ClauseElement, "_compiler", once)
        yield


@pytest.fixture(autouse=True, scope="session")
def _plain_tracebacks() -> Iterator[None]:
    """Structlog's own default draws each in a frame with every local, which takes a second."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _warnings_fail_at_the_end() -> Iterator[None]:
    """Raised where it is met, a warning would end some task, and the test wait for its message."""
    with warnings.catch_warnings(record=True) as met:
        _note_instead_of_raise()
        yield
    if met:
        pytest.fail("\n".join(_line(each) for each in met), pytrace=False)


def _note_instead_of_raise() -> None:
    strict = [*warnings.filters]
    warnings.resetwarnings()
    for action, message, kind, module, line in reversed(strict):
        noted = "always" if action == "error" else action
        warnings.filterwarnings(noted, _pattern(message), kind, _pattern(module), line)


def _pattern(of: re.Pattern[str] | str | None) -> str:
    return of.pattern if isinstance(of, re.Pattern) else of or ""


def _line(met: warnings.WarningMessage) -> str:
    return f"{met.filename}:{met.lineno}: {met.category.__name__}: {met.message}"
