"""What a job's message must say and offer, whatever it looks like."""

from dataclasses import replace
from typing import Any

import discord
import pytest
from discord import ui

from bot.domain.discord_limits import ALT_TEXT_CHARS
from bot.domain.follow_ups.kinds import Offers
from bot.domain.jobs.job import Job, JobState, Options
from bot.domain.jobs.line import Standing
from bot.domain.jobs.reasons.reason import Reason
from bot.domain.jobs.reasons.result_errors import ResultUnreadable
from bot.domain.pictures.picture import Attachments, Picture
from cogs.views.layouts.ended import EndedLayout
from cogs.views.layouts.result import ResultLayout, result_files
from cogs.views.layouts.texts import span_text, title_of
from cogs.views.layouts.waiting import WaitingLayout
from tests.cogs.views.layouts.states import STATES
from tests.contract.orders import NOW, order

PICTURE = Picture(b"bytes", "image/png", 8, 8)


def job(state: JobState, prompt: str = "a quiet lake", **row: Any) -> Job:
    return Job(order(options=Options(prompt=prompt)), state, created_at=NOW, **row)


def texts(layout: ui.LayoutView) -> list[str]:
    return [each.content for each in layout.walk_children() if isinstance(each, ui.TextDisplay)]


def buttons(layout: ui.LayoutView) -> list[str | None]:
    items = [each.item for each in layout.walk_children() if isinstance(each, ui.DynamicItem)]
    return [item.placeholder if isinstance(item, ui.Select) else item.label for item in items]


def result(attachments: Attachments, shown: Job | None = None) -> ResultLayout:
    shown = shown or job(JobState.DONE)
    files = result_files(shown, attachments)
    return ResultLayout(shown, "HY 3.0", files, attachments, Offers(len(files)))


@pytest.mark.parametrize(
    ("low_s", "high_s", "words"),
    [
        (0, 0, "5 s"),
        (8, 24, "10–25 s"),
        (61, 89, "60–90 s"),
        (61, 90, "1–2 min"),
        (119, 121, "2 min"),
        (600, 3_600, "10–60 min"),
    ],
)
def test_a_wait_is_told_as_a_range_that_promises_no_more_than_is_known(
    low_s: float, high_s: float, words: str
) -> None:
    assert span_text(low_s, high_s) == words


@pytest.mark.parametrize("state", STATES)
async def test_every_message_fits_and_every_control_has_words(state: str) -> None:
    layout = STATES[state]()
    assert layout.content_length() <= 4000
    assert all(label and label.strip() for label in buttons(layout))
    assert layout.is_persistent(), "what it shows may be pressed after a restart"


async def test_a_job_that_is_being_cancelled_can_be_cancelled_no_more() -> None:
    layout = WaitingLayout(job(JobState.RUNNING, cancel_at=NOW), Standing(0, 1, 2))
    assert "Cancel" not in buttons(layout)


async def test_each_line_of_a_note_is_small_print() -> None:
    layout = WaitingLayout(job(JobState.QUEUED), Standing(2, 10, 25, note="One.\nTwo."))
    assert "-# One.\n-# Two." in texts(layout)


@pytest.mark.parametrize("prompt", ["", "x" * 200, "x" * 201, "🏳️‍🌈" * 90])
async def test_the_full_prompt_is_offered_exactly_where_it_is_not_all_there(prompt: str) -> None:
    for layout in (
        WaitingLayout(job(JobState.QUEUED, prompt), Standing(0, 1, 2)),
        EndedLayout(job(JobState.FAILED, prompt)),
        result(Attachments((PICTURE,)), job(JobState.DONE, prompt)),
    ):
        is_cut = bool(prompt) and f"> {prompt}" not in texts(layout)
        assert ("Full prompt" in buttons(layout)) is is_cut


async def test_an_end_without_a_reason_still_says_something() -> None:
    assert texts(EndedLayout(job(JobState.FAILED)))[0] == (
        "**Failed** · The picture could not be made."
    )


async def test_an_ends_reason_is_quoted_and_there_is_no_empty_quotation() -> None:
    layout = EndedLayout(
        job(JobState.FAILED, prompt="", reason=Reason("ToldEarlier", {"text": "*Because.*"}))
    )
    assert texts(layout)[0] == r"**Failed** · \*Because.\*"
    assert len(texts(layout)) == 2


def test_what_is_kept_and_cannot_be_shown_is_not_called_lost() -> None:
    kept = job(JobState.UNKNOWN, error_code=ResultUnreadable.__name__)
    assert title_of(kept) == "Not posted"
    assert title_of(replace(kept, error_code="OutcomeUnknown")) == "Lost"


async def test_a_result_whose_times_nobody_knows_names_none() -> None:
    assert "made in" not in "\n".join(texts(result(Attachments((PICTURE,)))))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (23.4, "23 s"), (59.6, "1 min"), (125, "2 min 5 s")],
)
async def test_the_time_a_picture_took_is_told(seconds: float, words: str) -> None:
    made = job(JobState.DONE, started_at=NOW, drawn_at=NOW + seconds)
    assert f"-# 8 × 8 pixels · made in {words}" in texts(result(Attachments((PICTURE,)), made))


@pytest.mark.parametrize("spoiler", [False, True])
def test_files_are_named_by_job_and_described_for_who_cannot_see_them(*, spoiler: bool) -> None:
    shown = job(JobState.DONE, "a\nlake " + "x" * 2000)
    to = replace(shown.order.destination, spoiler=spoiler)
    files = result_files(
        replace(shown, order=replace(shown.order, destination=to)), Attachments((PICTURE,) * 2)
    )
    prefix = "SPOILER_" if spoiler else ""
    assert [file.filename for file in files] == [
        f"{prefix}easel-{shown.id}-{number}.png" for number in (1, 2)
    ]
    first, second = (file.description or "" for file in files)
    assert first.startswith("Picture 1 of 2, AI-generated. It was made for the prompt “a lake xx")
    assert second.startswith("Picture 2 of 2, AI-generated. ")
    assert first.endswith("xx…”.")
    assert 1000 < len(first) <= ALT_TEXT_CHARS


def test_a_picture_asked_for_without_words_is_described_by_its_command() -> None:
    shown = job(JobState.DONE, prompt="")
    given = replace(shown, order=replace(shown.order, inputs=("given",)))
    [file] = result_files(given, Attachments((PICTURE,)))
    assert isinstance(file, discord.File)
    assert (
        file.description == "Picture, AI-generated. It was made from a given picture by /restyle."
    )
