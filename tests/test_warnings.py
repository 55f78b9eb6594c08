"""Warnings are errors of the test that met them, and end no task in the middle of its work."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
WARNS = """
import asyncio, warnings

async def test_a_task():
    done = asyncio.Event()

    async def work():
        warnings.warn("'leeches' are deprecated", DeprecationWarning)
        done.set()

    task = asyncio.create_task(work())
    await asyncio.wait_for(done.wait(), 20)
    await task

async def work(): pass

def test_never_awaited():
    work()
"""
FROM_A_LIBRARY = """
import pytest, warnings

@pytest.mark.parametrize("part", ["audioop", "leeches"])
@pytest.mark.parametrize("module", ["discord.player", "cogs.views.layouts.card"])
def test_it(module, part):
    warnings.warn_explicit(f"{part!r} is deprecated", DeprecationWarning, "x.py", 1, module=module)
"""


def outcome(folder: Path, tests: str) -> str:
    """What pytest says of tests under this project's settings."""
    (folder / "test_it.py").write_text(tests)
    settings = ("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), "-rpE")
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", *settings, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_a_warning_fails_its_test_at_the_end_and_ends_no_task(tmp_path: Path) -> None:
    said = outcome(tmp_path, WARNS)
    assert "2 passed, 2 errors" in said
    assert "DeprecationWarning: 'leeches' are deprecated" in said
    assert "'work' was never awaited" in said


def test_a_library_is_passed_over_for_what_is_known_of_it_alone(tmp_path: Path) -> None:
    said = outcome(tmp_path, FROM_A_LIBRARY)
    assert "4 passed, 3 errors" in said
    assert "ERROR test_it.py::test_it[discord.player-audioop]" not in said
