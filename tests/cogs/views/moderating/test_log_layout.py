"""A message of a log channel as moderators read it, and that it is never too long."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.discord_limits import LAYOUT_CHARS
from bot.domain.jobs.job import Job, JobState, Options
from bot.domain.moderation.acts import ActKind, WrittenAct
from bot.domain.moderation.log_lines import LogLine, WordHit
from bot.services.moderation.log_lines import MOST
from cogs.views.moderating.log_layout import LogLayout
from tests.cogs.views.layouts.drawing import drawn
from tests.contract.orders import NOW, order

FOLDER = Path(__file__).parent / "snapshots"
ADA, MO = order().destination.user_id, 1_300_000_000_000_000_009
ODD = "*_~`|>[x](y) @everyone " * 30


def made(number: int = 1, prompt: str = "a *quiet* lake", **row: Any) -> LogLine:
    asked = order(number, options=Options(prompt=prompt))
    to = replace(asked.destination, private=row.pop("private", False))
    job = Job(replace(asked, destination=to), JobState.DONE, created_at=NOW, **row)
    return LogLine(number, NOW, job=job, cost_usd=0.08)


def did(kind: ActKind, **row: Any) -> LogLine:
    known = {"number": 7, "guild_id": 1, "by": MO, "kind": kind, "at": NOW} | row
    return LogLine(7, NOW, act=WrittenAct(**known))


def asked_with(word: str) -> LogLine:
    return LogLine(9, NOW, hit=WordHit(ADA, word))


STATES: Mapping[str, tuple[LogLine, ...]] = {
    "one-result": (made(),),
    "several-results": (made(), made(2, ""), made(3, deleted_at=NOW + 9), made(4, private=True)),
    "private-results-alone": (made(private=True),),
    "acts-and-words": (
        did(ActKind.SETTING, target="log_channel", before="<#42>", after="<#43>"),
        did(ActKind.BLOCKED, member=ADA, after="∞", reason="It *was* enough."),
        did(ActKind.APPROVED, member=ADA, target=order().id),
        asked_with("*cat*"),
    ),
}
LONGEST = {
    "results": [made(number, ODD) for number in range(1, MOST + 1)],
    "settings": [did(ActKind.SETTING, target="timezone", before=ODD, after=ODD)] * MOST,
    "blocks": [did(ActKind.BLOCKED, member=ADA, after="∞", reason=ODD)] * MOST,
    "words added": [did(ActKind.WORDS_ADDED, after=ODD)] * MOST,
    "words": [asked_with("*" * 100)] * MOST,
}


@pytest.mark.parametrize("state", STATES)
async def test_it_looks_as_its_reviewer_last_saw_it(
    state: str, request: pytest.FixtureRequest
) -> None:
    file, text = FOLDER / f"{state}.txt", drawn(LogLayout(STATES[state]))
    if request.config.getoption("--update-snapshots"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


@pytest.mark.parametrize("lines", LONGEST)
async def test_as_many_lines_as_a_message_has_fit_it_whatever_they_say(lines: str) -> None:
    layout = LogLayout(LONGEST[lines])
    assert layout.content_length() <= LAYOUT_CHARS


def test_no_snapshot_is_of_a_state_that_is_no_more() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(STATES)
