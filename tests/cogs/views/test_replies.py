"""A job's message in each of its states, and the alt text of its files, word by word."""

from dataclasses import replace
from typing import Any

import discord
import pytest
from discord import ui

from bot.domain.follow_ups.kinds import Offers
from bot.domain.jobs.job import Job, JobState, Options
from bot.domain.jobs.line import Standing
from bot.domain.jobs.result_errors import ResultUnreadable
from bot.domain.pictures.picture import Attachments, Picture
from cogs.views.replies import (
    EndedLayout,
    ResultLayout,
    WaitingLayout,
    result_files,
    span_text,
    title_of,
)
from tests.contract.orders import NOW, order

PICTURE = Picture(b"bytes", "image/png", 8, 8)


def job(state: JobState, prompt: str = "a quiet lake", **row: Any) -> Job:
    return Job(order(options=Options(prompt=prompt)), state, created_at=NOW, **row)


def texts(layout: ui.LayoutView) -> list[str]:
    return [each.content for each in layout.walk_children() if isinstance(each, ui.TextDisplay)]


def buttons(layout: ui.LayoutView) -> list[str | None]:
    return [each.item.label for each in layout.walk_children() if isinstance(each, ui.DynamicItem)]


def result(attachments: Attachments, count: int = 1) -> ResultLayout:
    shown = job(JobState.DONE)
    files = result_files(shown, [PICTURE] * count)
    return ResultLayout(shown, "HY 3.0", files, attachments, Offers(count))


@pytest.mark.parametrize(
    ("low_s", "high_s", "words"),
    [
        (0, 0, "about 5 s"),
        (8, 24, "about 10–25 s"),
        (61, 89, "about 60–90 s"),
        (61, 90, "about 1–2 min"),
        (119, 121, "about 2 min"),
        (600, 3_600, "about 10–60 min"),
    ],
)
def test_a_wait_is_told_as_a_range_that_promises_no_more_than_is_known(
    low_s: float, high_s: float, words: str
) -> None:
    assert span_text(low_s, high_s) == words


async def test_a_waiting_job_tells_its_place_its_time_and_whose_it_is() -> None:
    waiting = job(JobState.QUEUED)
    layout = WaitingLayout(waiting, Standing(2, 10, 25, note="Runs at night."))
    asker = waiting.order.destination.user_id
    assert texts(layout) == [
        "**Queued** · position 3 · about 10–25 s",
        "> a quiet lake",
        "-# Runs at night.",
        f"-# /restyle for <@{asker}> · anime · {waiting.id}",
    ]
    assert buttons(layout) == ["Cancel"]


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(0, 10, 25, is_timeless=True), "**Queued** · position 1"),
        (Standing(0, 10, 25, is_running=True), "**Being made** · about 10–25 s"),
    ],
)
async def test_no_time_is_told_that_nobody_knows(standing: Standing, words: str) -> None:
    assert texts(WaitingLayout(job(JobState.RUNNING), standing))[0] == words


async def test_a_job_that_is_being_cancelled_can_be_cancelled_no_more() -> None:
    layout = WaitingLayout(job(JobState.RUNNING, cancel_at=NOW), Standing(0, 1, 2))
    assert texts(layout)[0] == "**Being cancelled** · the service finishes its work first"
    assert buttons(layout) == []


@pytest.mark.parametrize(
    ("state", "title", "offers"),
    [
        (JobState.FAILED, "Failed", ["Try again"]),
        (JobState.REFUSED, "Refused", []),
        (JobState.CANCELLED, "Cancelled", ["Try again"]),
        (JobState.EXPIRED, "Expired", ["Try again"]),
        (JobState.UNKNOWN, "Lost", ["Try again"]),
    ],
)
async def test_an_end_says_why_and_offers_another_try_unless_it_would_be_refused_again(
    state: JobState, title: str, offers: list[str]
) -> None:
    layout = EndedLayout(job(state, prompt="", error_text="*Because.*"))
    assert texts(layout)[0] == rf"**{title}** · \*Because.\*"
    assert len(texts(layout)) == 2, "without a prompt, no empty quotation"
    assert buttons(layout) == offers


async def test_an_end_without_a_reason_still_says_something() -> None:
    assert texts(EndedLayout(job(JobState.FAILED)))[0] == (
        "**Failed** · The picture could not be made."
    )


def test_what_is_kept_and_cannot_be_shown_is_not_called_lost() -> None:
    kept = job(JobState.UNKNOWN, error_code=ResultUnreadable.__name__)
    assert title_of(kept) == "Not posted"
    assert title_of(replace(kept, error_code="OutcomeUnknown")) == "Lost"


async def test_a_result_is_labelled_in_its_text_and_offers_the_same_again() -> None:
    layout = result(Attachments((PICTURE,)))
    assert texts(layout)[:2] == ["**AI-generated** · HY 3.0", "> a quiet lake"]
    assert buttons(layout) == ["Again"]


@pytest.mark.parametrize(
    ("attachments", "notes"),
    [
        (Attachments((PICTURE,), is_shrunk=True), ["Made smaller to fit Discord’s limit."]),
        (Attachments((PICTURE,), unread=1), ["a picture more that cannot be read"]),
        (
            Attachments((PICTURE,), is_shrunk=True, unread=2),
            ["Made smaller to fit Discord’s limit.", "2 pictures more that cannot be read"],
        ),
    ],
)
async def test_what_is_not_as_it_came_or_not_there_is_said(
    attachments: Attachments, notes: list[str]
) -> None:
    *_, small_print = texts(result(attachments))
    assert small_print.startswith("-# /restyle")
    said = texts(result(attachments))[2:-1]
    assert len(said) == len(notes)
    assert all(words in text for words, text in zip(notes, said, strict=True))


@pytest.mark.parametrize("spoiler", [False, True])
def test_files_are_named_by_job_and_described_for_who_cannot_see_them(*, spoiler: bool) -> None:
    shown = job(JobState.DONE, "a\nlake " + "x" * 2000)
    to = replace(shown.order.destination, spoiler=spoiler)
    files = result_files(replace(shown, order=replace(shown.order, destination=to)), [PICTURE] * 2)
    prefix = "SPOILER_" if spoiler else ""
    assert [file.filename for file in files] == [
        f"{prefix}easel-{shown.id}-{number}.png" for number in (1, 2)
    ]
    description = files[0].description or ""
    assert description.startswith("AI-generated image: a lake x")
    assert len(description) <= 1024


def test_a_picture_asked_for_without_words_is_described_by_its_command() -> None:
    [file] = result_files(job(JobState.DONE, prompt=""), [PICTURE])
    assert isinstance(file, discord.File)
    assert file.description == "AI-generated image: an upload, after /restyle"
