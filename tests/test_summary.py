"""What the end of a run says of checks that could not be made."""

import io
from pathlib import Path

import pytest

import tests.conftest


def test_one_line_says_that_discords_document_is_not_there(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    document = tmp_path / "discord-openapi.json"
    monkeypatch.setattr(tests.conftest, "DOCUMENT", document)
    line = f"nothing was held against Discord's OpenAPI: no {document}\n"
    assert last_words(request.config) == line
    document.write_text("{}")
    assert last_words(request.config) == ""


def last_words(config: pytest.Config) -> str:
    written = io.StringIO()
    tests.conftest.pytest_terminal_summary(pytest.TerminalReporter(config, written))
    return written.getvalue()
