"""Each state's message beside its snapshot; `--update-snapshots` writes them anew."""

from pathlib import Path

import pytest

from tests.cogs.views.layouts.drawing import drawn
from tests.cogs.views.layouts.states import STATES

FOLDER = Path(__file__).parent / "snapshots"


def file_of(state: str) -> Path:
    return FOLDER / f"{state}.txt"


@pytest.mark.parametrize("state", STATES)
async def test_a_message_looks_as_its_reviewer_last_saw_it(
    state: str, request: pytest.FixtureRequest
) -> None:
    file, text = file_of(state), drawn(STATES[state]())
    if request.config.getoption("--update-snapshots"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_no_snapshot_is_of_a_state_that_is_no_more() -> None:
    there = set(FOLDER.rglob("*.txt"))
    assert there == {file_of(state) for state in STATES}
